#ifndef LANDWAITER_AGENT_SOURCE_REGISTRY_SOURCE_H_
#define LANDWAITER_AGENT_SOURCE_REGISTRY_SOURCE_H_

#include <string>
#include <utility>

#include "agent/registry/registry.h"
#include "agent/source/image_source.h"

namespace landwaiter::agent::source {

// One repository of a registry, which must outlive this.
class RegistrySource : public ImageSource {
 public:
  RegistrySource(registry::Registry& registry, std::string repository)
      : registry_(registry), repository_(std::move(repository)) {}

  absl::StatusOr<RawManifest> GetManifest(std::string_view reference,
                                          uint64_t limit) override {
    return registry_.GetManifest(repository_, reference, limit);
  }
  absl::Status FetchBlob(const model::Descriptor& blob,
                         BlobSink sink) override {
    return registry_.FetchBlob(repository_, blob, sink);
  }

 private:
  registry::Registry& registry_;
  const std::string repository_;
};

}  // namespace landwaiter::agent::source

#endif  // LANDWAITER_AGENT_SOURCE_REGISTRY_SOURCE_H_
