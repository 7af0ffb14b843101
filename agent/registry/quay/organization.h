#ifndef LANDWAITER_AGENT_REGISTRY_QUAY_ORGANIZATION_H_
#define LANDWAITER_AGENT_REGISTRY_QUAY_ORGANIZATION_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/registry/connection.h"
#include "agent/registry/quay/login.h"
#include "agent/registry/registry.h"
#include "agent/registry/transport/api_client.h"
#include "core/base/clock.h"

namespace landwaiter::agent::registry::quay {

// A namespace as its token shows it through Quay's API. Thread-safe.
class Organization {
 public:
  Organization(const Connection& connection, const ScopedToken& token,
               base::Clock& clock);

  const std::string& name() const { return name_; }
  // What the token logs in to /v2/ with.
  const Connection& pull_connection() const { return pull_; }

  struct Names {
    std::vector<std::string> usable;  // with the namespace; images only
    std::string first;                // of all that were told, as told
    std::string next_page;
  };
  absl::StatusOr<Names> List(const std::string& next_page);

  // Whether the token owns the organization, or is of the user whose namespace
  // it is: only then is what it is not shown not there. A token that is bad
  // has the rights of nobody, without being told.
  absl::StatusOr<bool> IsOwner();

  // A page of tags, the newest first; the first page is 1. REQUIRES:
  // `repository` is in the namespace.
  absl::StatusOr<ArtifactPage> Tags(std::string_view repository, int64_t page);

  // Registry::Verify's part for this token.
  absl::Status Verify(base::Clock& clock);

 private:
  absl::StatusOr<std::string> ProveToken(base::Clock& clock);
  absl::Status CheckReading();

  const std::string name_;
  const Connection pull_;
  ApiClient api_;
};

}  // namespace landwaiter::agent::registry::quay

#endif  // LANDWAITER_AGENT_REGISTRY_QUAY_ORGANIZATION_H_
