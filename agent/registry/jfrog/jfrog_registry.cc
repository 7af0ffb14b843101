#include "agent/registry/jfrog/jfrog_registry.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "agent/registry/hosted/pull_side.h"
#include "agent/registry/jfrog/aql.h"
#include "agent/registry/jfrog/keys.h"
#include "agent/registry/jfrog/verify.h"
#include "agent/registry/oci/oci_registry.h"
#include "agent/registry/oci/paging.h"
#include "agent/registry/transport/api_client.h"
#include "agent/registry/transport/link.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/model/image_reference.h"

namespace landwaiter::agent::registry::jfrog {
namespace {

using base::Failure;
using base::FailureCode;

constexpr size_t kPageSize = 1000;
constexpr absl::Duration kKeysLast = absl::Minutes(10);
constexpr size_t kMaxPulls = 256;

// One page of a list of the registry's API, and where the next begins.
struct NamePage {
  std::vector<std::string> names;
  std::string last;  // of the next page; empty: there is none
};

struct NameList {
  std::string path;
  std::string key;   // of the names in the answer
  std::string what;  // for errors
  bool may_be_absent = false;
};

class JfrogRegistry : public hosted::PullSide {
 public:
  JfrogRegistry(Connection connection, base::Clock& clock)
      : connection_(std::move(connection)),
        clock_(clock),
        api_(connection_, std::make_unique<BasicAuthorization>(connection_),
             clock) {}

  absl::StatusOr<Verification> Verify() override {
    return jfrog::Verify(connection_, api_, clock_);
  }
  absl::StatusOr<RepositoryPage> ListRepositories(
      std::string_view cursor) override;
  absl::StatusOr<ArtifactPage> ListArtifacts(std::string_view repository,
                                             std::string_view cursor) override;

 private:
  // Where an image is: "<key>/<image>".
  struct Image {
    Key key;
    std::string name;
  };

  absl::StatusOr<std::vector<Key>> KnownKeys();
  absl::StatusOr<Image> Find(std::string_view repository);
  absl::StatusOr<Place> Where(std::string_view repository) override;
  absl::StatusOr<NamePage> GetPage(const NameList& list, std::string_view last);

  const Connection connection_;
  base::Clock& clock_;
  ApiClient api_;
  absl::Mutex mutex_;
  std::vector<Key> keys_ ABSL_GUARDED_BY(mutex_);
  absl::Time keys_until_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  std::map<std::string, std::shared_ptr<Registry>> pulls_
      ABSL_GUARDED_BY(mutex_);  // by prefix
};

// The list is only believed while the account is an administrator: to others,
// and to nobody, Artifactory shows a part of it with status 200.
absl::StatusOr<std::vector<Key>> JfrogRegistry::KnownKeys() {
  {
    absl::MutexLock lock(&mutex_);
    if (clock_.Now() < keys_until_) return keys_;
  }
  LANDWAITER_ASSIGN_OR_RETURN(
      const bool admin,
      IsAdministrator(api_, connection_.credentials.username));
  if (!admin) {
    return Failure(FailureCode::kUnauthorized,
                   "the account is no administrator of Artifactory any more: "
                   "it is shown only a part of the repositories");
  }
  LANDWAITER_ASSIGN_OR_RETURN(Keys keys, ListKeys(api_));
  absl::MutexLock lock(&mutex_);
  keys_ = std::move(keys.keys);
  keys_until_ = clock_.Now() + kKeysLast;
  return keys_;
}

absl::StatusOr<JfrogRegistry::Image> JfrogRegistry::Find(
    std::string_view repository) {
  const auto parts = base::SplitOnce(repository, '/');
  if (!model::IsValidRepository(repository) || !parts) {
    return absl::InvalidArgumentError(
        "the name is not that of an image in a repository of Artifactory");
  }
  LANDWAITER_ASSIGN_OR_RETURN(const std::vector<Key> keys, KnownKeys());
  const auto key = std::find_if(keys.begin(), keys.end(), [&](const Key& k) {
    return k.name == parts->first;
  });
  if (key == keys.end()) {
    return Failure(FailureCode::kNotFound,
                   base::StrCat("Artifactory has no repository ", parts->first,
                                " of Docker or OCI images"));
  }
  return Image{*key, std::string(parts->second)};
}

absl::StatusOr<JfrogRegistry::Place> JfrogRegistry::Where(
    std::string_view repository) {
  LANDWAITER_ASSIGN_OR_RETURN(const Image image, Find(repository));
  absl::MutexLock lock(&mutex_);
  if (pulls_.size() >= kMaxPulls) pulls_.clear();
  std::shared_ptr<Registry>& pull = pulls_[image.key.prefix];
  if (pull == nullptr) {
    LANDWAITER_ASSIGN_OR_RETURN(
        pull, oci::NewOciRegistry(connection_, clock_,
                                  {.path_prefix = image.key.prefix,
                                   .credentials_first = true}));
  }
  return Place{pull, image.name};
}

absl::StatusOr<NamePage> JfrogRegistry::GetPage(const NameList& list,
                                                std::string_view last) {
  http::Url url = connection_.http.base;
  url.target = base::StrCat(list.path, "?n=", kPageSize);
  if (!last.empty()) {
    base::StrAppend(&url.target, "&last=", http::EscapeComponent(last));
  }
  LANDWAITER_ASSIGN_OR_RETURN(const http::Response response,
                              api_.Get(url.target));
  if (list.may_be_absent &&
      (response.status == 400 || response.status == 404)) {
    return NamePage{};
  }
  if (response.status != 200) return StatusFailure(response.status, list.what);
  NamePage page;
  LANDWAITER_ASSIGN_OR_RETURN(page.names,
                              oci::ReadStringList(response.body, list.key));
  // The link's path lacks the repository's key; its query counts, and `last`
  // may be a number there.
  LANDWAITER_ASSIGN_OR_RETURN(const std::string next,
                              NextTarget(url, response.headers));
  if (!next.empty()) {
    page.last = QueryValue(next, "last").value_or("");
  } else if (page.names.size() >= kPageSize) {
    page.last = page.names.back();  // a full page without a link
  }
  if (!page.names.empty() && !next.empty() &&
      (page.last == last || page.last.empty())) {
    return Failure(
        FailureCode::kNetworkError,
        base::StrCat("the next page of the ", list.what, " is the page itself"),
        "Protocol");
  }
  if (page.names.empty()) page.last.clear();
  return page;
}

// A cursor is "<key>/<last>", as the repositories' own names are: the page of
// the key's catalog behind `last`, which may be empty.
absl::StatusOr<RepositoryPage> JfrogRegistry::ListRepositories(
    std::string_view cursor) {
  const auto from = base::SplitOnce(cursor, '/');
  if (!cursor.empty() &&
      (!from || !model::IsValidRepository(from->first) ||
       (!from->second.empty() && !model::IsValidRepository(from->second)))) {
    return absl::InvalidArgumentError("the cursor is not of this registry");
  }
  LANDWAITER_ASSIGN_OR_RETURN(const std::vector<Key> keys, KnownKeys());
  auto key = keys.begin();
  if (from) {
    key = std::find_if(keys.begin(), keys.end(),
                       [&](const Key& k) { return k.name == from->first; });
    if (key == keys.end()) {
      return Failure(FailureCode::kNetworkError,
                     base::StrCat("repository ", from->first,
                                  " went away while it was listed"));
    }
  }
  RepositoryPage page;
  if (key == keys.end()) {
    page.complete = true;
    return page;
  }
  // A remote repository that has cached nothing yet has no catalog.
  LANDWAITER_ASSIGN_OR_RETURN(
      const NamePage catalog,
      GetPage({.path = base::StrCat(key->prefix, "/v2/_catalog"),
               .key = "repositories",
               .what = base::StrCat("catalog of ", key->name),
               .may_be_absent = key->remote},
              from ? from->second : std::string_view()));
  for (const std::string& image : catalog.names) {
    std::string name = base::StrCat(key->name, "/", image);
    if (!model::IsValidRepository(name)) continue;
    page.repositories.push_back({.name = std::move(name)});
  }
  if (!catalog.last.empty()) {
    page.next_cursor = base::StrCat(key->name, "/", catalog.last);
  } else if (++key != keys.end()) {
    page.next_cursor = base::StrCat(key->name, "/");
  }
  page.complete = page.next_cursor.empty();
  return page;
}

absl::StatusOr<ArtifactPage> JfrogRegistry::ListArtifacts(
    std::string_view repository, std::string_view cursor) {
  if (!cursor.empty() && !model::IsValidTag(cursor)) {
    return absl::InvalidArgumentError("the cursor is not of this registry");
  }
  LANDWAITER_ASSIGN_OR_RETURN(const Image image, Find(repository));
  LANDWAITER_ASSIGN_OR_RETURN(
      NamePage tags, GetPage({.path = base::StrCat(image.key.prefix, "/v2/",
                                                   image.name, "/tags/list"),
                              .key = "tags",
                              .what = base::StrCat("repository ", repository)},
                             cursor));
  std::erase_if(tags.names,
                [](const std::string& tag) { return !model::IsValidTag(tag); });
  LANDWAITER_ASSIGN_OR_RETURN(
      auto facts, FindTags(api_, image.key.name, image.name, tags.names));
  ArtifactPage page;
  std::map<model::Digest, model::ManifestEntry> manifests;
  for (std::string& tag : tags.names) {
    const TagFacts& fact = facts[tag];
    if (!fact.digest.empty()) {
      model::ManifestEntry& entry = manifests[fact.digest];
      entry.digest = fact.digest;
      entry.pushed = std::max(entry.pushed, fact.pushed);
    }
    page.tags.push_back({.name = std::move(tag), .digest = fact.digest});
  }
  for (auto& [digest, entry] : manifests) {
    page.manifests.push_back(std::move(entry));
  }
  page.next_cursor = std::move(tags.last);
  page.complete = page.next_cursor.empty();
  return page;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Registry>> NewJfrogRegistry(
    Connection connection, base::Clock& clock) {
  connection.http.base.target.clear();
  auto probe = http::NewClient(connection.http);
  if (!probe.ok()) return probe.status();
  return std::make_unique<JfrogRegistry>(std::move(connection), clock);
}

}  // namespace landwaiter::agent::registry::jfrog
