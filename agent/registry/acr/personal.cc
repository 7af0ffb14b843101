#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "agent/registry/acr/listing.h"
#include "agent/registry/cloud/paging.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/model/image_reference.h"

namespace landwaiter::agent::registry::acr {
namespace {

using cloud::ListPlace;
using cloud::Step;

constexpr uint64_t kPageSize = 100;
constexpr absl::Duration kNamespacesLast = absl::Minutes(10);
// The API does not tell; with a media type nothing is fetched to find out.
constexpr const char* kMediaType =
    "application/vnd.docker.distribution.manifest.v2+json";

// The object under "data" of an answer; NetworkError if there is none.
absl::StatusOr<nlohmann::json> DataOf(nlohmann::json answer) {
  if (answer.is_object() && answer.contains("data") &&
      answer["data"].is_object()) {
    return std::move(answer["data"]);
  }
  return base::Failure(base::FailureCode::kNetworkError,
                       "the API's answer has no data", "Protocol");
}

class PersonalListing : public Listing {
 public:
  PersonalListing(cloud::AlibabaApi& api, base::Clock& clock)
      : api_(api), clock_(clock) {}

  absl::Status Probe() override { return Namespaces().status(); }
  absl::StatusOr<RepositoryPage> ListRepositories(
      std::string_view cursor) override;
  absl::StatusOr<ArtifactPage> ListArtifacts(std::string_view repository,
                                             std::string_view cursor) override;

 private:
  // Sorted.
  absl::StatusOr<std::set<std::string>> Namespaces();
  // The list under `key` of a page; `next` is the next page's place, or empty
  // at the end.
  absl::StatusOr<nlohmann::json> GetPage(const std::string& path,
                                         const char* key, ListPlace place,
                                         std::string& next);

  cloud::AlibabaApi& api_;
  base::Clock& clock_;
  absl::Mutex mutex_;
  std::set<std::string> namespaces_ ABSL_GUARDED_BY(mutex_);
  absl::Time namespaces_until_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

absl::StatusOr<std::set<std::string>> PersonalListing::Namespaces() {
  {
    absl::MutexLock lock(&mutex_);
    if (clock_.Now() < namespaces_until_) return namespaces_;
  }
  LANDWAITER_ASSIGN_OR_RETURN(nlohmann::json answer, api_.Get("/namespace"));
  LANDWAITER_ASSIGN_OR_RETURN(const nlohmann::json data,
                              DataOf(std::move(answer)));
  std::set<std::string> names;
  if (data.contains("namespaces") && data["namespaces"].is_array()) {
    for (const nlohmann::json& entry : data["namespaces"]) {
      std::string name = TextAt(entry, "namespace");
      if (model::IsValidRepository(name)) names.insert(std::move(name));
    }
  }
  absl::MutexLock lock(&mutex_);
  namespaces_ = names;
  namespaces_until_ = clock_.Now() + kNamespacesLast;
  return names;
}

absl::StatusOr<nlohmann::json> PersonalListing::GetPage(const std::string& path,
                                                        const char* key,
                                                        ListPlace place,
                                                        std::string& next) {
  LANDWAITER_ASSIGN_OR_RETURN(
      nlohmann::json answer,
      api_.Get(base::StrCat(path, "?Page=", place.position / kPageSize + 1,
                            "&PageSize=", kPageSize)));
  LANDWAITER_ASSIGN_OR_RETURN(nlohmann::json data, DataOf(std::move(answer)));
  nlohmann::json list = nlohmann::json::array();
  if (data.contains(key) && data[key].is_array()) list = std::move(data[key]);
  LANDWAITER_ASSIGN_OR_RETURN(
      const Step step, cloud::TakeStep(list.size(), kPageSize,
                                       static_cast<uint64_t>(std::max<int64_t>(
                                           0, NumberAt(data, "total"))),
                                       place));
  if (step == Step::kRestart) list = nlohmann::json::array();
  if (step != Step::kEnd) next = place.ToCursor();
  return list;
}

absl::StatusOr<RepositoryPage> PersonalListing::ListRepositories(
    std::string_view cursor) {
  ListPlace place;
  if (!cursor.empty()) {
    LANDWAITER_ASSIGN_OR_RETURN(place, ListPlace::FromCursor(cursor));
  }
  LANDWAITER_ASSIGN_OR_RETURN(const auto namespaces, Namespaces());
  RepositoryPage page;
  if (cursor.empty() && !namespaces.empty()) place.of = *namespaces.begin();
  if (namespaces.empty() && cursor.empty()) {
    page.complete = true;
    return page;
  }
  if (!namespaces.contains(place.of)) {
    return base::Failure(base::FailureCode::kNetworkError,
                         "a namespace went away while it was listed",
                         "Listing");
  }
  LANDWAITER_ASSIGN_OR_RETURN(const nlohmann::json list,
                              GetPage(base::StrCat("/repos/", place.of),
                                      "repos", place, page.next_cursor));
  for (const nlohmann::json& entry : list) {
    std::string name = base::StrCat(place.of, "/", TextAt(entry, "repoName"));
    if (!model::IsValidRepository(name)) continue;
    page.repositories.push_back({.name = std::move(name)});
  }
  if (page.next_cursor.empty()) {
    const auto after = namespaces.upper_bound(place.of);
    if (after != namespaces.end()) {
      page.next_cursor = ListPlace{.of = *after}.ToCursor();
    }
  }
  page.complete = page.next_cursor.empty();
  return page;
}

absl::StatusOr<ArtifactPage> PersonalListing::ListArtifacts(
    std::string_view repository, std::string_view cursor) {
  ListPlace place{.of = "tags"};
  if (!cursor.empty()) {
    LANDWAITER_ASSIGN_OR_RETURN(place, ListPlace::FromCursor(cursor));
  }
  ArtifactPage page;
  LANDWAITER_ASSIGN_OR_RETURN(
      const nlohmann::json list,
      GetPage(base::StrCat("/repos/", repository, "/tags"), "tags", place,
              page.next_cursor));
  for (const nlohmann::json& image : list) {
    const std::string tag = TextAt(image, "tag");
    const model::Digest digest = ReadDigest(TextAt(image, "digest"));
    // Without a digest it would have to be asked for, which is pulling.
    if (!model::IsValidTag(tag) || digest.empty()) continue;
    page.tags.push_back({.name = tag, .digest = digest});
    model::ManifestEntry entry{.digest = digest,
                               .media_type = kMediaType,
                               .size = static_cast<uint64_t>(std::max<int64_t>(
                                   0, NumberAt(image, "imageSize"))),
                               .unsupported = std::string(kNeverScanned)};
    if (const int64_t pushed = NumberAt(image, "imageUpdate"); pushed > 0) {
      entry.pushed = absl::FromUnixMillis(pushed);
    }
    page.manifests.push_back(std::move(entry));
  }
  page.complete = page.next_cursor.empty();
  return page;
}

}  // namespace

std::unique_ptr<Listing> NewPersonalListing(cloud::AlibabaApi& api,
                                            base::Clock& clock) {
  return std::make_unique<PersonalListing>(api, clock);
}

}  // namespace landwaiter::agent::registry::acr
