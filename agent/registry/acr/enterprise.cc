#include <map>
#include <nlohmann/json.hpp>

#include "agent/registry/acr/listing.h"
#include "agent/registry/cloud/paging.h"
#include "agent/registry/transport/connection_failure.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/model/image_reference.h"

namespace landwaiter::agent::registry::acr {
namespace {

using cloud::ListPlace;
using cloud::Step;

constexpr uint64_t kPageSize = 100;  // as much as the API gives

// A number that may be written as a text, as TotalCount is.
uint64_t CountAt(const nlohmann::json& object, const char* key) {
  const auto text = base::ParseUint64(TextAt(object, key));
  return text ? *text
              : static_cast<uint64_t>(
                    std::max<int64_t>(0, NumberAt(object, key)));
}

class EnterpriseListing : public Listing {
 public:
  EnterpriseListing(cloud::AlibabaApi& api, std::string instance_id)
      : api_(api), instance_id_(std::move(instance_id)) {}

  absl::Status Probe() override;
  absl::StatusOr<RepositoryPage> ListRepositories(
      std::string_view cursor) override;
  absl::StatusOr<ArtifactPage> ListArtifacts(std::string_view repository,
                                             std::string_view cursor) override;

 private:
  // The list under `key` of one page of a call. Empties it if the list starts
  // again, and leaves `next_cursor` empty at the end.
  absl::StatusOr<nlohmann::json> GetPage(
      std::string_view action, std::map<std::string, std::string> parameters,
      const char* key, ListPlace place, std::string& next_cursor);
  absl::StatusOr<std::string> RepositoryId(std::string_view repository);

  cloud::AlibabaApi& api_;
  const std::string instance_id_;
};

absl::Status EnterpriseListing::Probe() {
  for (const char* action : {"ListNamespace", "ListRepository"}) {
    const auto answer = api_.Call(
        action,
        {{"InstanceId", instance_id_}, {"PageNo", "1"}, {"PageSize", "1"}});
    if (answer.ok()) continue;
    if (base::FailureCodeOf(answer.status()) == base::FailureCode::kNotFound) {
      return MissingAdminRole(base::StrCat(
          "the account of this AccessKey has no instance ", instance_id_));
    }
    return answer.status();
  }
  return api_.Call("GetAuthorizationToken", {{"InstanceId", instance_id_}})
      .status();
}

absl::StatusOr<nlohmann::json> EnterpriseListing::GetPage(
    std::string_view action, std::map<std::string, std::string> parameters,
    const char* key, ListPlace place, std::string& next_cursor) {
  parameters["InstanceId"] = instance_id_;
  parameters["PageNo"] = base::StrCat(place.position / kPageSize + 1);
  parameters["PageSize"] = base::StrCat(kPageSize);
  LANDWAITER_ASSIGN_OR_RETURN(nlohmann::json answer,
                              api_.Call(action, std::move(parameters)));
  nlohmann::json list = nlohmann::json::array();
  if (answer.contains(key) && answer[key].is_array()) {
    list = std::move(answer[key]);
  }
  LANDWAITER_ASSIGN_OR_RETURN(
      const Step step, cloud::TakeStep(list.size(), kPageSize,
                                       CountAt(answer, "TotalCount"), place));
  if (step == Step::kRestart) list = nlohmann::json::array();
  if (step != Step::kEnd) next_cursor = place.ToCursor();
  return list;
}

absl::StatusOr<RepositoryPage> EnterpriseListing::ListRepositories(
    std::string_view cursor) {
  ListPlace place{.of = "repositories"};
  if (!cursor.empty()) {
    LANDWAITER_ASSIGN_OR_RETURN(place, ListPlace::FromCursor(cursor));
  }
  RepositoryPage page;
  LANDWAITER_ASSIGN_OR_RETURN(
      const nlohmann::json list,
      GetPage("ListRepository", {}, "Repositories", place, page.next_cursor));
  for (const nlohmann::json& entry : list) {
    std::string name = base::StrCat(TextAt(entry, "RepoNamespaceName"), "/",
                                    TextAt(entry, "RepoName"));
    if (!model::IsValidRepository(name)) continue;
    page.repositories.push_back({.name = std::move(name)});
  }
  page.complete = page.next_cursor.empty();
  return page;
}

absl::StatusOr<std::string> EnterpriseListing::RepositoryId(
    std::string_view repository) {
  const auto parts = base::SplitOnce(repository, '/');
  if (!parts) return absl::InvalidArgumentError("the name has no namespace");
  LANDWAITER_ASSIGN_OR_RETURN(
      const nlohmann::json answer,
      api_.Call("GetRepository",
                {{"InstanceId", instance_id_},
                 {"RepoNamespaceName", std::string(parts->first)},
                 {"RepoName", std::string(parts->second)}}));
  std::string id = TextAt(answer, "RepoId");
  if (!id.empty() && !base::Contains(id, "|")) return id;
  return base::Failure(base::FailureCode::kNetworkError,
                       base::StrCat("the API gives no id of ", repository),
                       "Protocol");
}

absl::StatusOr<ArtifactPage> EnterpriseListing::ListArtifacts(
    std::string_view repository, std::string_view cursor) {
  ListPlace place;
  if (!cursor.empty()) {
    LANDWAITER_ASSIGN_OR_RETURN(place, ListPlace::FromCursor(cursor));
  } else {
    LANDWAITER_ASSIGN_OR_RETURN(place.of, RepositoryId(repository));
  }
  ArtifactPage page;
  LANDWAITER_ASSIGN_OR_RETURN(const nlohmann::json list,
                              GetPage("ListRepoTag", {{"RepoId", place.of}},
                                      "Images", place, page.next_cursor));
  for (const nlohmann::json& image : list) {
    const std::string tag = TextAt(image, "Tag");
    if (!model::IsValidTag(tag)) continue;
    const model::Digest digest = ReadDigest(TextAt(image, "Digest"));
    page.tags.push_back({.name = tag, .digest = digest});
    if (digest.empty()) continue;
    model::ManifestEntry entry{.digest = digest,
                               .size = CountAt(image, "ImageSize")};
    if (const uint64_t pushed = CountAt(image, "ImageUpdate"); pushed > 0) {
      entry.pushed = absl::FromUnixMillis(static_cast<int64_t>(pushed));
    }
    page.manifests.push_back(std::move(entry));
  }
  page.complete = page.next_cursor.empty();
  return page;
}

}  // namespace

std::unique_ptr<Listing> NewEnterpriseListing(cloud::AlibabaApi& api,
                                              std::string instance_id) {
  return std::make_unique<EnterpriseListing>(api, std::move(instance_id));
}

model::Digest ReadDigest(std::string_view text) {
  auto digest = model::Digest::Parse(text.starts_with("sha256:")
                                         ? std::string(text)
                                         : base::StrCat("sha256:", text));
  return digest.ok() ? *std::move(digest) : model::Digest();
}

}  // namespace landwaiter::agent::registry::acr
