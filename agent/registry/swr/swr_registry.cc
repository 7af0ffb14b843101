#include "agent/registry/swr/swr_registry.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "agent/registry/cloud/alibaba_api.h"
#include "agent/registry/cloud/canonical.h"
#include "agent/registry/cloud/huawei_api.h"
#include "agent/registry/cloud/paging.h"
#include "agent/registry/cloud/renewed_pull.h"
#include "agent/registry/hosted/pull_side.h"
#include "agent/registry/swr/enterprise_registry.h"
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

constexpr uint64_t kPageSize = 1000;
constexpr int64_t kMayManage = 7;
constexpr absl::Duration kLoginLasts = absl::Hours(1);  // if it is not said

// "swr.<region>.myhuaweicloud.com".
std::string RegionOf(const Connection& connection) {
  if (!connection.region.empty()) return connection.region;
  const auto parts = base::Split(connection.http.base.host, '.');
  return parts.size() == 4 && parts[0] == "swr" && parts[2] == "myhuaweicloud"
             ? std::string(parts[1])
             : "";
}

// One page of a list and how long the whole is, if anything tells.
struct Page {
  nlohmann::json entries;
  std::optional<uint64_t> total;
};

absl::StatusOr<Page> ReadPage(const http::Response& response,
                              std::string_view what) {
  Page page;
  LANDWAITER_ASSIGN_OR_RETURN(page.entries, JsonOf(response, what));
  if (!page.entries.is_array()) {
    return Failure(FailureCode::kNetworkError,
                   base::StrCat("the ", what, " is no list"), "Protocol");
  }
  if (const std::string* range =
          http::FindHeader(response.headers, "Content-Range")) {
    if (const auto parts = base::SplitOnce(*range, '/')) {
      page.total = base::ParseUint64(parts->second);
    }
  }
  if (!page.total && !page.entries.empty()) {
    const int64_t total = NumberAt(page.entries[0], "total_range");
    if (total > 0) page.total = static_cast<uint64_t>(total);
  }
  return page;
}

class SwrRegistry : public hosted::PullSide {
 public:
  // `api` is the connection to the cloud's API.
  SwrRegistry(const Connection& connection, const Connection& api,
              std::string region, base::Clock& clock)
      : has_key_(!connection.credentials.empty()),
        host_(cloud::HostHeader(connection.http.base)),
        version_(connection.version),
        region_(std::move(region)),
        clock_(clock),
        open_(api, std::make_unique<FixedAuthorization>(http::Headers{}),
              clock),
        api_(api, clock),
        pull_(connection, clock, [this] { return Borrow(); }) {}

  absl::StatusOr<Verification> Verify() override;
  absl::StatusOr<RepositoryPage> ListRepositories(
      std::string_view cursor) override;
  absl::StatusOr<ArtifactPage> ListArtifacts(std::string_view repository,
                                             std::string_view cursor) override;

 private:
  // UserDoesNotHaveAdminRole if the key may not manage each organization: of
  // what it may not see, lists say nothing. `any` tells if there is one.
  absl::Status CheckRights(bool& any);
  absl::StatusOr<cloud::TemporaryLogin> Borrow();
  absl::StatusOr<Place> Where(std::string_view repository) override {
    auto pull = pull_.Get();
    if (!pull.ok()) return AsListingFailure(pull.status());
    return Place{*std::move(pull), std::string(repository)};
  }
  // One page of a list, and the place of the next; empty at the end.
  absl::StatusOr<nlohmann::json> GetPage(const std::string& path,
                                         std::string_view what,
                                         std::string_view cursor,
                                         std::string& next);

  const bool has_key_;
  const std::string host_;  // as a docker login names it
  const std::string version_;
  const std::string region_;
  base::Clock& clock_;
  ApiClient open_;  // without a signature
  cloud::HuaweiApi api_;
  cloud::RenewedPull pull_;
};

absl::Status SwrRegistry::CheckRights(bool& any) {
  LANDWAITER_ASSIGN_OR_RETURN(
      const http::Response response,
      api_.Get("/v2/manage/namespaces", "list of organizations"));
  LANDWAITER_ASSIGN_OR_RETURN(const nlohmann::json json,
                              JsonOf(response, "the list of organizations"));
  if (!json.is_object() || !json.contains("namespaces") ||
      !json["namespaces"].is_array()) {
    return Failure(FailureCode::kNetworkError,
                   "the list of organizations cannot be read", "Protocol");
  }
  any = !json["namespaces"].empty();
  for (const nlohmann::json& entry : json["namespaces"]) {
    if (NumberAt(entry, "auth") == kMayManage) continue;
    return MissingAdminRole(
        base::StrCat("the access key's user may not manage organization ",
                     base::Printable(TextAt(entry, "name"), 80),
                     " (permission Manage is missing)"));
  }
  return absl::OkStatus();
}

absl::StatusOr<Verification> SwrRegistry::Verify() {
  if (!has_key_) return WrongCredentials("SWR needs an access key");
  LANDWAITER_RETURN_IF_ERROR(CheckVersion(open_, version_));
  bool any = false;
  absl::Status rights = CheckRights(any);
  if (rights.ok()) rights = Borrow().status();
  if (rights.ok()) {
    return Verification{.detected_version = "V2",
                        .note = any ? "" : "the account has no organization"};
  }
  return hosted::AsVerifyFailure(rights);
}

absl::StatusOr<cloud::TemporaryLogin> SwrRegistry::Borrow() {
  constexpr std::string_view kWhat = "account to pull with";
  LANDWAITER_ASSIGN_OR_RETURN(
      const http::Response response,
      api_.Send("POST",
                base::StrCat("/v2/manage/utils/secret?projectname=", region_),
                kWhat));
  LANDWAITER_ASSIGN_OR_RETURN(const nlohmann::json json,
                              JsonOf(response, kWhat));
  // The account is for the host that is named with it, and for no other.
  std::string account;
  if (json.is_object() && json.contains("auths") && json["auths"].is_object()) {
    const nlohmann::json& auths = json["auths"];
    if (!auths.empty() && !auths.contains(host_)) {
      return WrongVersion(base::StrCat(
          "the region's shared registry is ",
          base::Printable(auths.begin().key(), 80), ", not ", host_,
          ": for an instance of the Enterprise edition spec.swr names it"));
    }
    if (!auths.empty()) {
      absl::Base64Unescape(TextAt(auths[host_], "auth"), &account);
    }
  }
  const auto parts = base::SplitOnce(account, ':');
  if (!parts) {
    return Failure(FailureCode::kNetworkError, "the API lends no account",
                   "Protocol");
  }
  cloud::TemporaryLogin login;
  login.credentials = {std::string(parts->first), std::string(parts->second)};
  login.until = clock_.Now() + kLoginLasts;
  if (const std::string* until =
          http::FindHeader(response.headers, "X-Swr-Expireat")) {
    absl::Time time;
    std::string error;
    if (absl::ParseTime(absl::RFC3339_full, *until, &time, &error)) {
      login.until = time;
    }
  }
  return login;
}

absl::StatusOr<nlohmann::json> SwrRegistry::GetPage(const std::string& path,
                                                    std::string_view what,
                                                    std::string_view cursor,
                                                    std::string& next) {
  ListPlace place{.of = "list"};
  if (!cursor.empty()) {
    LANDWAITER_ASSIGN_OR_RETURN(place, ListPlace::FromCursor(cursor));
  }
  const auto response = api_.Get(
      base::StrCat(path, "?limit=", kPageSize, "&offset=", place.position),
      what);
  if (!response.ok()) return AsListingFailure(response.status());
  LANDWAITER_ASSIGN_OR_RETURN(Page page, ReadPage(*response, what));
  const uint64_t entries = page.entries.size();
  if (!page.total && place.total < 0) {
    // Nothing tells how long the list is: a page that is not full ends it.
    place.position += entries;
    if (entries >= kPageSize) next = place.ToCursor();
    return std::move(page.entries);
  }
  // An empty page tells no total: the list is shorter than it was.
  LANDWAITER_ASSIGN_OR_RETURN(
      const Step step,
      cloud::TakeStep(entries, kPageSize, page.total.value_or(place.position),
                      place));
  if (step != Step::kEnd) next = place.ToCursor();
  if (step == Step::kRestart) return nlohmann::json::array();
  return std::move(page.entries);
}

absl::StatusOr<RepositoryPage> SwrRegistry::ListRepositories(
    std::string_view cursor) {
  if (cursor.empty()) {
    bool any = false;
    const absl::Status rights = CheckRights(any);
    if (!rights.ok()) return AsListingFailure(rights);
  }
  RepositoryPage page;
  LANDWAITER_ASSIGN_OR_RETURN(
      const nlohmann::json list,
      GetPage("/v2/manage/repos", "list of repositories", cursor,
              page.next_cursor));
  for (const nlohmann::json& entry : list) {
    RepositoryEntry repository{.name =
                                   base::StrCat(TextAt(entry, "namespace"), "/",
                                                TextAt(entry, "name"))};
    if (!model::IsValidRepository(repository.name)) continue;
    if (const std::string updated = TextAt(entry, "updated_at");
        !updated.empty() && updated.size() <= 64) {
      repository.state =
          base::StrCat(updated, "|", NumberAt(entry, "num_images"), "|",
                       NumberAt(entry, "size"));
    }
    page.repositories.push_back(std::move(repository));
  }
  page.complete = page.next_cursor.empty();
  return page;
}

absl::StatusOr<ArtifactPage> SwrRegistry::ListArtifacts(
    std::string_view repository, std::string_view cursor) {
  const auto parts = base::SplitOnce(repository, '/');
  if (!model::IsValidRepository(repository) || !parts) {
    return absl::InvalidArgumentError("the repository is invalid");
  }
  // The API takes a "/" in a name for a path: it is written "$".
  std::string name(parts->second);
  std::replace(name.begin(), name.end(), '/', '$');
  ArtifactPage page;
  LANDWAITER_ASSIGN_OR_RETURN(
      const nlohmann::json list,
      GetPage(base::StrCat("/v2/manage/namespaces/", parts->first, "/repos/",
                           name, "/tags"),
              base::StrCat("repository ", repository), cursor,
              page.next_cursor));
  for (const nlohmann::json& entry : list) {
    const std::string tag = TextAt(entry, "Tag");
    if (!model::IsValidTag(tag)) continue;
    auto digest = model::Digest::Parse(TextAt(entry, "digest"));
    page.tags.push_back(
        {.name = tag, .digest = digest.ok() ? *digest : model::Digest()});
    if (!digest.ok()) continue;
    page.manifests.push_back(
        {.digest = *std::move(digest),
         .size = static_cast<uint64_t>(
             std::max<int64_t>(0, NumberAt(entry, "size"))),
         .pushed = hosted::TimeIn(TextAt(entry, "updated"))});
  }
  page.complete = page.next_cursor.empty();
  return page;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Registry>> NewSwrRegistry(Connection connection,
                                                         base::Clock& clock) {
  connection.http.base.target.clear();
  auto probe = http::NewClient(connection.http);
  if (!probe.ok()) return probe.status();
  std::string region = RegionOf(connection);
  if (!cloud::IsRegion(region)) {
    return absl::InvalidArgumentError(
        "SWR needs spec.region: the host is not swr.<region>."
        "myhuaweicloud.com");
  }
  if (connection.edition == "Enterprise") {
    return NewEnterpriseRegistry(std::move(connection), std::move(region),
                                 clock);
  }
  LANDWAITER_ASSIGN_OR_RETURN(
      const Connection api,
      cloud::ApiConnection(
          connection, base::StrCat("swr-api.", region, ".myhuaweicloud.com")));
  return std::make_unique<SwrRegistry>(connection, api, std::move(region),
                                       clock);
}

}  // namespace landwaiter::agent::registry::swr
