#ifndef LANDWAITER_AGENT_REGISTRY_HOSTED_PULL_SIDE_H_
#define LANDWAITER_AGENT_REGISTRY_HOSTED_PULL_SIDE_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/time/time.h"
#include "agent/registry/registry.h"

// What the types of hosted registries share: a vendor's API tells what there
// is, and an OCI registry, often on another host, gives it.
namespace landwaiter::agent::registry::hosted {

// A registry whose images another one gives.
class PullSide : public Registry {
 public:
  absl::StatusOr<model::Digest> ResolveTag(std::string_view repository,
                                           std::string_view tag) override;
  absl::StatusOr<source::RawManifest> GetManifest(std::string_view repository,
                                                  std::string_view reference,
                                                  uint64_t limit) override;
  absl::Status FetchBlob(std::string_view repository,
                         const model::Descriptor& blob,
                         source::BlobSink sink) override;

 protected:
  // Which registry gives the images of a repository, under which name.
  struct Place {
    std::shared_ptr<Registry> registry;
    std::string name;
  };
  // Thread-safe.
  virtual absl::StatusOr<Place> Where(std::string_view repository) = 0;
};

// One whose images are all `oci`'s, under the same names. Thread-safe.
class FixedPullSide : public PullSide {
 public:
  explicit FixedPullSide(std::shared_ptr<Registry> oci)
      : oci_(std::move(oci)) {}

 protected:
  Registry& oci() { return *oci_; }
  absl::StatusOr<Place> Where(std::string_view repository) override {
    return Place{oci_, std::string(repository)};
  }

 private:
  const std::shared_ptr<Registry> oci_;
};

// The failure of Verify for a failed request that was made with credentials
// which are known to be good, or with none.
absl::Status AsVerifyFailure(const absl::Status& status);

// A time in RFC 3339; nullopt for any other text.
std::optional<absl::Time> TimeIn(std::string_view text);

}  // namespace landwaiter::agent::registry::hosted

#endif  // LANDWAITER_AGENT_REGISTRY_HOSTED_PULL_SIDE_H_
