#ifndef LANDWAITER_AGENT_REGISTRY_HOSTED_PULL_SIDE_H_
#define LANDWAITER_AGENT_REGISTRY_HOSTED_PULL_SIDE_H_

#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/time/time.h"
#include "agent/registry/registry.h"
#include "core/http/client.h"
#include "core/http/url.h"

// What the types of hosted registries share: a vendor's API tells what there
// is, and an OCI registry, often on another host, gives it.
namespace landwaiter::agent::registry::hosted {

// A registry whose pull side is `oci`'s. Thread-safe.
class PullSide : public Registry {
 public:
  explicit PullSide(std::unique_ptr<Registry> oci) : oci_(std::move(oci)) {}

  absl::StatusOr<model::Digest> ResolveTag(std::string_view repository,
                                           std::string_view tag) override {
    return oci_->ResolveTag(repository, tag);
  }
  absl::StatusOr<source::RawManifest> GetManifest(std::string_view repository,
                                                  std::string_view reference,
                                                  uint64_t limit) override {
    return oci_->GetManifest(repository, reference, limit);
  }
  absl::Status FetchBlob(std::string_view repository,
                         const model::Descriptor& blob,
                         source::BlobSink sink) override {
    return oci_->FetchBlob(repository, blob, sink);
  }

 protected:
  Registry& oci() { return *oci_; }

 private:
  const std::unique_ptr<Registry> oci_;
};

// The options for `origin`: what is the given address's own (a forwarder, a
// client certificate) goes nowhere else.
http::ClientOptions OptionsFor(const http::ClientOptions& given,
                               const http::Url& origin);

// The failure of Verify for a failed request that was made with credentials
// which are known to be good, or with none.
absl::Status AsVerifyFailure(const absl::Status& status);

// A time in RFC 3339; nullopt for any other text.
std::optional<absl::Time> TimeIn(std::string_view text);

}  // namespace landwaiter::agent::registry::hosted

#endif  // LANDWAITER_AGENT_REGISTRY_HOSTED_PULL_SIDE_H_
