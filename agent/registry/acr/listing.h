#ifndef LANDWAITER_AGENT_REGISTRY_ACR_LISTING_H_
#define LANDWAITER_AGENT_REGISTRY_ACR_LISTING_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/registry/cloud/alibaba_api.h"
#include "agent/registry/registry.h"
#include "core/base/clock.h"

namespace landwaiter::agent::registry::acr {

inline constexpr std::string_view kNeverScanned =
    "ACR Personal edition: images are synchronised but never scanned";

// What one edition's API lists. Errors are AlibabaApi's. Thread-safe.
class Listing {
 public:
  virtual ~Listing() = default;
  // Whether the key may do all that will be asked.
  virtual absl::Status Probe() = 0;
  virtual absl::StatusOr<RepositoryPage> ListRepositories(
      std::string_view cursor) = 0;
  virtual absl::StatusOr<ArtifactPage> ListArtifacts(
      std::string_view repository, std::string_view cursor) = 0;
};

// `api` must outlive them.
std::unique_ptr<Listing> NewEnterpriseListing(cloud::AlibabaApi& api,
                                              std::string instance_id);
std::unique_ptr<Listing> NewPersonalListing(cloud::AlibabaApi& api,
                                            base::Clock& clock);

// A digest with or without "sha256:"; empty if it is none.
model::Digest ReadDigest(std::string_view text);

}  // namespace landwaiter::agent::registry::acr

#endif  // LANDWAITER_AGENT_REGISTRY_ACR_LISTING_H_
