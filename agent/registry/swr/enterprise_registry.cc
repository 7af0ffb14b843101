#include "agent/registry/swr/enterprise_registry.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "agent/registry/cloud/account.h"
#include "agent/registry/cloud/alibaba_api.h"
#include "agent/registry/cloud/huawei_api.h"
#include "agent/registry/cloud/paging.h"
#include "agent/registry/cloud/renewed_pull.h"
#include "agent/registry/hosted/pull_side.h"
#include "agent/registry/swr/version.h"
#include "agent/registry/transport/api_client.h"
#include "agent/registry/transport/connection_failure.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/model/image_reference.h"

namespace landwaiter::agent::registry::swr {
namespace {

using base::Failure;
using base::FailureCode;
using cloud::ListPlace;
using cloud::Step;
using nlohmann::json;

// The most that the API gives; an offset must be a multiple of it.
constexpr uint64_t kPageSize = 100;
constexpr absl::Duration kLoginLasts = absl::Hours(1);  // if it is not said

bool IsInstanceId(std::string_view id) {
  return !id.empty() && id.size() <= 64 &&
         std::all_of(id.begin(), id.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                  (c >= 'A' && c <= 'Z') || c == '-';
         });
}

class EnterpriseRegistry : public hosted::PullSide {
 public:
  EnterpriseRegistry(Connection connection, const Connection& api,
                     const Connection& iam, std::string region,
                     base::Clock& clock)
      : connection_(std::move(connection)),
        region_(std::move(region)),
        clock_(clock),
        open_(api, std::make_unique<FixedAuthorization>(http::Headers{}),
              clock),
        api_(api, clock),
        iam_(iam, clock),
        pull_(connection_, clock, [this] { return Borrow(); }) {}

  absl::StatusOr<Verification> Verify() override;
  absl::StatusOr<RepositoryPage> ListRepositories(
      std::string_view cursor) override;
  absl::StatusOr<ArtifactPage> ListArtifacts(std::string_view repository,
                                             std::string_view cursor) override;

 private:
  // "/v2/<project>/instances/<id>", once the instance is known to be the one
  // at the registry's host. Errors are a connection's.
  absl::StatusOr<std::string> Root();
  absl::StatusOr<cloud::TemporaryLogin> Borrow();
  absl::StatusOr<Place> Where(std::string_view repository) override {
    auto pull = pull_.Get();
    if (!pull.ok()) return AsListingFailure(pull.status());
    return Place{*std::move(pull), std::string(repository)};
  }
  // The entries of one page under `key`, and the place of the next; empty at
  // the end. Errors are a connection's.
  absl::StatusOr<json> GetPage(const std::string& path, const char* key,
                               std::string_view query, ListPlace place,
                               std::string& next);
  absl::Status ConfirmEmpty(std::string_view repository);

  const Connection connection_;
  const std::string region_;
  base::Clock& clock_;
  ApiClient open_;  // without a signature
  cloud::HuaweiApi api_;
  cloud::HuaweiApi iam_;
  cloud::RenewedPull pull_;
  absl::Mutex mutex_;
  std::string root_ ABSL_GUARDED_BY(mutex_);
};

absl::StatusOr<std::string> EnterpriseRegistry::Root() {
  absl::MutexLock lock(&mutex_);
  if (!root_.empty()) return root_;
  LANDWAITER_ASSIGN_OR_RETURN(const std::string project,
                              cloud::HuaweiProject(iam_, region_));
  if (project.empty()) {
    return MissingAdminRole(
        base::StrCat("the access key's account has no project ", region_));
  }
  LANDWAITER_ASSIGN_OR_RETURN(
      const std::vector<cloud::Instance> instances,
      cloud::HuaweiEnterpriseInstances(api_, project, region_));
  const std::string& id = connection_.instance_id;
  const auto found =
      std::find_if(instances.begin(), instances.end(),
                   [&](const cloud::Instance& i) { return i.id == id; });
  if (found == instances.end()) {
    return MissingAdminRole(base::StrCat(
        "the access key's account has no instance ", id, " in ", region_));
  }
  const std::string& host = connection_.http.base.host;
  if (found->domain != host) {
    return WrongVersion(base::StrCat("instance ", id, " is at ",
                                     base::Printable(found->domain, 80),
                                     ", not at ", host));
  }
  return root_ = base::StrCat("/v2/", http::EscapeComponent(project),
                              "/instances/", id);
}

absl::StatusOr<cloud::TemporaryLogin> EnterpriseRegistry::Borrow() {
  constexpr std::string_view kWhat = "account to pull with";
  LANDWAITER_ASSIGN_OR_RETURN(const std::string root, Root());
  LANDWAITER_ASSIGN_OR_RETURN(
      const http::Response response,
      api_.Send("POST", base::StrCat(root, "/temp-credential"), kWhat));
  LANDWAITER_ASSIGN_OR_RETURN(const json answer, JsonOf(response, kWhat));
  cloud::TemporaryLogin login;
  login.credentials = {TextAt(answer, "user_id"), TextAt(answer, "auth_token")};
  if (login.credentials.username.empty() ||
      login.credentials.password.empty()) {
    return Failure(FailureCode::kNetworkError, "the API lends no account",
                   "Protocol");
  }
  login.until = hosted::TimeIn(TextAt(answer, "expire_date"))
                    .value_or(clock_.Now() + kLoginLasts);
  return login;
}

absl::StatusOr<json> EnterpriseRegistry::GetPage(const std::string& path,
                                                 const char* key,
                                                 std::string_view query,
                                                 ListPlace place,
                                                 std::string& next) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::string root, Root());
  const std::string what = base::StrCat("list of ", key);
  LANDWAITER_ASSIGN_OR_RETURN(
      const http::Response response,
      api_.Get(base::StrCat(root, path, "?limit=", kPageSize,
                            "&offset=", place.position, query),
               what));
  LANDWAITER_ASSIGN_OR_RETURN(json answer, JsonOf(response, what));
  if (!answer.is_object() || !answer.contains(key) || !answer[key].is_array() ||
      !answer.contains("total")) {
    return Failure(FailureCode::kNetworkError,
                   base::StrCat("the ", what, " cannot be read"), "Protocol");
  }
  json list = std::move(answer[key]);
  LANDWAITER_ASSIGN_OR_RETURN(
      const Step step, cloud::TakeStep(list.size(), kPageSize,
                                       static_cast<uint64_t>(std::max<int64_t>(
                                           0, NumberAt(answer, "total"))),
                                       place));
  if (step != Step::kEnd) next = place.ToCursor();
  if (step == Step::kRestart) return json::array();
  return list;
}

absl::StatusOr<Verification> EnterpriseRegistry::Verify() {
  if (connection_.credentials.empty()) {
    return WrongCredentials("SWR needs an access key");
  }
  LANDWAITER_RETURN_IF_ERROR(CheckVersion(open_, connection_.version));
  std::string next;
  const auto list =
      GetPage("/repositories", "repositories", "", {.of = "list"}, next);
  if (!list.ok()) return hosted::AsVerifyFailure(list.status());
  const auto login = Borrow();
  if (!login.ok()) return hosted::AsVerifyFailure(login.status());
  return Verification{.detected_version = "V2",
                      .note = list->empty() && next.empty()
                                  ? "the instance shows no repository"
                                  : ""};
}

absl::StatusOr<RepositoryPage> EnterpriseRegistry::ListRepositories(
    std::string_view cursor) {
  ListPlace place{.of = "list"};
  if (!cursor.empty()) {
    LANDWAITER_ASSIGN_OR_RETURN(place, ListPlace::FromCursor(cursor));
  }
  RepositoryPage page;
  // What is new comes last, and moves nothing.
  const auto list = GetPage("/repositories", "repositories",
                            "&order_column=created_at&order_type=asc", place,
                            page.next_cursor);
  if (!list.ok()) return AsListingFailure(list.status());
  for (const json& entry : *list) {
    std::string name = base::StrCat(TextAt(entry, "namespace_name"), "/",
                                    TextAt(entry, "name"));
    if (model::IsValidRepository(name)) {
      page.repositories.push_back({.name = std::move(name)});
    }
  }
  page.complete = page.next_cursor.empty();
  if (cursor.empty() && page.complete && list->empty()) {
    return Failure(FailureCode::kUnauthorized,
                   "the instance shows the access key's user no repository; "
                   "what is known of it is kept",
                   "EmptyCatalog");
  }
  return page;
}

// The API says "nothing" of what it does not know, too.
absl::Status EnterpriseRegistry::ConfirmEmpty(std::string_view repository) {
  LANDWAITER_ASSIGN_OR_RETURN(const Place place, Where(repository));
  const auto tags = place.registry->ListArtifacts(repository, "");
  if (!tags.ok()) {
    return base::FailureCodeOf(tags.status()) == FailureCode::kNotFound
               ? absl::OkStatus()
               : tags.status();
  }
  if (tags->tags.empty()) return absl::OkStatus();
  return Failure(FailureCode::kNetworkError,
                 base::StrCat("the API shows nothing of ", repository,
                              ", of which the registry has tags"),
                 "Listing");
}

absl::StatusOr<ArtifactPage> EnterpriseRegistry::ListArtifacts(
    std::string_view repository, std::string_view cursor) {
  const auto parts = base::SplitOnce(repository, '/');
  if (!model::IsValidRepository(repository) || !parts) {
    return absl::InvalidArgumentError("the repository is invalid");
  }
  ListPlace place{.of = "list"};
  if (!cursor.empty()) {
    LANDWAITER_ASSIGN_OR_RETURN(place, ListPlace::FromCursor(cursor));
  }
  // A "/" in a name is encoded twice, for the gateway undoes one.
  const std::string name =
      http::EscapeComponent(http::EscapeComponent(parts->second));
  ArtifactPage page;
  const auto list = GetPage(base::StrCat("/namespaces/", parts->first,
                                         "/repositories/", name, "/artifacts"),
                            "artifacts", "", place, page.next_cursor);
  if (!list.ok()) return AsListingFailure(list.status());
  for (const json& entry : *list) {
    const auto digest = model::Digest::Parse(TextAt(entry, "digest"));
    if (!digest.ok()) continue;
    page.manifests.push_back(
        {.digest = *digest,
         .size = static_cast<uint64_t>(
             std::max<int64_t>(0, NumberAt(entry, "size"))),
         .pushed = hosted::TimeIn(TextAt(entry, "push_time"))});
    if (!entry.contains("tags") || !entry["tags"].is_array()) continue;
    for (const json& tag : entry["tags"]) {
      std::string tag_name = TextAt(tag, "name");
      if (model::IsValidTag(tag_name)) {
        page.tags.push_back({.name = std::move(tag_name), .digest = *digest});
      }
    }
  }
  page.complete = page.next_cursor.empty();
  if (cursor.empty() && page.complete && list->empty()) {
    LANDWAITER_RETURN_IF_ERROR(ConfirmEmpty(repository));
  }
  return page;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Registry>> NewEnterpriseRegistry(
    Connection connection, std::string region, base::Clock& clock) {
  if (!IsInstanceId(connection.instance_id)) {
    return absl::InvalidArgumentError(base::StrCat(
        "\"", base::Printable(connection.instance_id, 80),
        "\" is no id of an instance of SWR (spec.swr.instanceId)"));
  }
  LANDWAITER_ASSIGN_OR_RETURN(
      const Connection api,
      cloud::ApiConnection(
          connection, base::StrCat("swr-api.", region, ".myhuaweicloud.com")));
  LANDWAITER_ASSIGN_OR_RETURN(
      const Connection iam,
      cloud::ApiConnection(connection,
                           base::StrCat("iam.", region, ".myhuaweicloud.com")));
  return std::make_unique<EnterpriseRegistry>(std::move(connection), api, iam,
                                              std::move(region), clock);
}

}  // namespace landwaiter::agent::registry::swr
