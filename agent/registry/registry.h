#ifndef LANDWAITER_AGENT_REGISTRY_REGISTRY_H_
#define LANDWAITER_AGENT_REGISTRY_REGISTRY_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/source/image_source.h"
#include "core/model/image.h"
#include "core/model/work.h"

namespace landwaiter::agent::registry {

// What a successful verification learnt.
struct Verification {
  std::string detected_version;  // "V1" or "V2"; empty if it cannot be told
  // What an admin should know though it is no error ("the registry is open:
  // the credentials were not checked"); may be empty.
  std::string note;
};

struct RepositoryEntry {
  std::string name;  // as it stands under /v2/; valid
  // Changes when a tag is pushed, and with as much else of what happens in the
  // repository as the registry tells: whoever believes it looks all the same
  // once a day. Empty if the registry tells nothing of the kind, or not yet.
  std::string state;
};

struct RepositoryPage {
  std::vector<RepositoryEntry> repositories;  // as the registry sorts them
  std::string next_cursor;                    // for the next page
  bool complete = false;                      // this was the last page
};

struct ListedTag {
  std::string name;      // valid
  model::Digest digest;  // empty: ResolveTag tells
};

// A page of what a repository holds; a few thousand of each at most, for the
// sake of memory.
struct ArtifactPage {
  std::vector<ListedTag> tags;
  // What the listing itself told of manifests, tagged or not. With a
  // media_type it is all there is to know, and the manifest need not be read;
  // without one, `pushed` and `size` are added to what the manifest says.
  std::vector<model::ManifestEntry> manifests;
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
  virtual absl::StatusOr<ArtifactPage> ListArtifacts(
      std::string_view repository, std::string_view cursor) = 0;

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
