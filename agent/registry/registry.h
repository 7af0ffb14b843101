#ifndef LANDWAITER_AGENT_REGISTRY_REGISTRY_H_
#define LANDWAITER_AGENT_REGISTRY_REGISTRY_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/source/image_source.h"
#include "core/model/image.h"

namespace landwaiter::agent::registry {

// What a successful verification learnt.
struct Verification {
  std::string detected_version;  // "V1" or "V2"; empty if it cannot be told
  // What an admin should know though it is no error ("the registry is open:
  // the credentials were not checked"); may be empty.
  std::string note;
};

struct RepositoryPage {
  std::vector<std::string> repositories;  // valid names, as the registry sorts
  std::string next_cursor;                // for the next page
  bool complete = false;                  // this was the last page
};

struct TagPage {
  std::vector<std::string> tags;  // valid tags
  std::string next_cursor;
  bool complete = false;
};

// One registry, whatever its type: what the scan needs of its API. Listings
// are cursors that can be saved: passing one back, even in another process,
// goes on behind the page that gave it. Thread-safe.
//
// Errors carry a FailureCode: Unauthorized, NotFound, RateLimited (with
// base::RetryAfterOf), NetworkConnectError, NetworkError, LimitExceeded,
// UnsupportedMedia. What may pass is retried inside, within bounds.
class Registry {
 public:
  virtual ~Registry() = default;

  // Whether the registry is there, is of this type, and takes the credentials,
  // in this order. Errors are the connection's codes
  // (FailedToVerifyUsernameOrPwd, RegistryVersionError,
  // UserDoesNotHaveAdminRole, NetworkConnectError).
  virtual absl::StatusOr<Verification> Verify() = 0;

  // An empty cursor starts from the beginning.
  virtual absl::StatusOr<RepositoryPage> ListRepositories(
      std::string_view cursor) = 0;
  virtual absl::StatusOr<TagPage> ListTags(std::string_view repository,
                                           std::string_view cursor) = 0;

  // The digest that a tag points to, at the price of a HEAD where the
  // registry tells it, else of a GET.
  virtual absl::StatusOr<model::Digest> ResolveTag(std::string_view repository,
                                                   std::string_view tag) = 0;

  // As source::ImageSource has them, for any repository.
  virtual absl::StatusOr<source::RawManifest> GetManifest(
      std::string_view repository, std::string_view reference,
      uint64_t limit) = 0;
  virtual absl::Status FetchBlob(std::string_view repository,
                                 const model::Descriptor& blob,
                                 source::BlobSink sink) = 0;
};

}  // namespace landwaiter::agent::registry

#endif  // LANDWAITER_AGENT_REGISTRY_REGISTRY_H_
