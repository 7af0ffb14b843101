#ifndef LANDWAITER_AGENT_REGISTRY_GOOGLE_GOOGLE_API_H_
#define LANDWAITER_AGENT_REGISTRY_GOOGLE_GOOGLE_API_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "agent/registry/connection.h"
#include "agent/registry/google/service_account.h"
#include "agent/registry/transport/api_client.h"
#include "core/base/clock.h"
#include "nlohmann/json_fwd.hpp"

namespace landwaiter::agent::registry::google {

// Access tokens of a service account, for the API and for /v2/ alike; kept and
// renewed. Thread-safe.
class AccessTokens {
 public:
  // `connection` is one to kTokenHost (cloud::ApiConnection).
  AccessTokens(const Connection& connection, ServiceAccount account,
               base::Clock& clock);

  // One that is good for another while. FailedToVerifyUsernameOrPwd if Google
  // refuses the key, which is then not shown again; NetworkConnectError with
  // cause ClockSkew if it finds the grant too old or too new.
  absl::StatusOr<std::string> Get();

 private:
  absl::StatusOr<std::string> Fetch() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const ServiceAccount account_;
  base::Clock& clock_;
  ApiClient client_;
  absl::Mutex mutex_;
  absl::Status refused_ ABSL_GUARDED_BY(mutex_);
  std::string token_ ABSL_GUARDED_BY(mutex_);
  absl::Time renew_at_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

// Artifact Registry's API (cloud.google.com/artifact-registry/docs/reference/
// rest). Thread-safe. Errors carry the codes of a connection, whoever asks:
// UserDoesNotHaveAdminRole names the permission that is missing,
// RegistryVersionError that the API is not enabled in the project.
class ArtifactRegistryApi {
 public:
  static constexpr std::string_view kHost = "artifactregistry.googleapis.com";

  // `connection` is one to kHost; `tokens` must outlive it.
  ArtifactRegistryApi(const Connection& connection, AccessTokens& tokens,
                      base::Clock& clock);

  // The entries of one page of a list, an array; `parent` is "projects/..."
  // with what follows it to the collection's name, `page` is empty or the
  // `next` of the page before, which is empty after the last.
  absl::StatusOr<nlohmann::json> List(std::string_view parent,
                                      const char* collection,
                                      std::string_view page, int page_size,
                                      std::string& next);

 private:
  ApiClient client_;
};

}  // namespace landwaiter::agent::registry::google

#endif  // LANDWAITER_AGENT_REGISTRY_GOOGLE_GOOGLE_API_H_
