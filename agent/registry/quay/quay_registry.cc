#include "agent/registry/quay/quay_registry.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "agent/registry/oci/oci_registry.h"
#include "agent/registry/oci/paging.h"
#include "agent/registry/quay/cursor.h"
#include "agent/registry/quay/login.h"
#include "agent/registry/quay/organization.h"
#include "agent/registry/transport/api_client.h"
#include "agent/registry/transport/connection_failure.h"
#include "agent/registry/transport/link.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/model/image_reference.h"

namespace landwaiter::agent::registry::quay {
namespace {

using base::Failure;
using base::FailureCode;

constexpr int kRepositoriesAPage = 100;  // more is cut to this in silence
constexpr int64_t kMaxTagPage = 1'000'000;
constexpr char kProductVersion[] = "V2";  // no 1.x has this API

std::string_view NamespaceOf(std::string_view repository) {
  return repository.substr(0, repository.find('/'));
}

class QuayRegistry : public Registry {
 public:
  QuayRegistry(Connection connection, base::Clock& clock)
      : connection_(std::move(connection)),
        clock_(clock),
        nobody_(connection_,
                std::make_unique<FixedAuthorization>(
                    http::Headers{{kNoBrowser, kNoBrowserValue}}),
                clock),
        catalog_(connection_,
                 std::make_unique<ScopelessToken>(connection_, clock), clock) {}

  absl::Status Open();

  absl::StatusOr<Verification> Verify() override;
  absl::StatusOr<RepositoryPage> ListRepositories(
      std::string_view cursor) override;
  absl::StatusOr<ArtifactPage> ListArtifacts(std::string_view repository,
                                             std::string_view cursor) override;
  absl::StatusOr<model::Digest> ResolveTag(std::string_view repository,
                                           std::string_view tag) override {
    LANDWAITER_ASSIGN_OR_RETURN(Registry * pull, PullOf(repository));
    return pull->ResolveTag(repository, tag);
  }
  absl::StatusOr<source::RawManifest> GetManifest(std::string_view repository,
                                                  std::string_view reference,
                                                  uint64_t limit) override {
    LANDWAITER_ASSIGN_OR_RETURN(Registry * pull, PullOf(repository));
    return pull->GetManifest(repository, reference, limit);
  }
  absl::Status FetchBlob(std::string_view repository,
                         const model::Descriptor& blob,
                         source::BlobSink sink) override {
    LANDWAITER_ASSIGN_OR_RETURN(Registry * pull, PullOf(repository));
    return pull->FetchBlob(repository, blob, sink);
  }

 private:
  Organization* OrganizationOf(std::string_view name_space);
  absl::StatusOr<Registry*> PullOf(std::string_view repository);
  bool IsDown();
  absl::Status CheckVersion();
  absl::Status CheckAccount();
  absl::Status CheckCatalog();
  absl::StatusOr<RepositoryPage> ListOrganization(const Place& place);
  absl::StatusOr<RepositoryPage> ListCatalog(const Place& place);

  const Connection connection_;
  base::Clock& clock_;
  ApiClient nobody_;
  ApiClient catalog_;
  std::vector<std::unique_ptr<Organization>> organizations_;
  std::unique_ptr<Registry> account_pull_;  // null: there is no account
  std::map<std::string, std::unique_ptr<Registry>, std::less<>> token_pulls_;
};

absl::Status QuayRegistry::Open() {
  for (const ScopedToken& token : connection_.tokens) {
    if (!model::IsValidRepository(token.name) ||
        base::Contains(token.name, "/")) {
      return absl::InvalidArgumentError(
          base::StrCat("\"", base::Printable(token.name),
                       "\" cannot be the name of an organization of Quay"));
    }
    if (OrganizationOf(token.name) != nullptr) continue;
    auto organization =
        std::make_unique<Organization>(connection_, token, clock_);
    LANDWAITER_ASSIGN_OR_RETURN(
        token_pulls_[token.name],
        oci::NewOciRegistry(organization->pull_connection(), clock_));
    organizations_.push_back(std::move(organization));
  }
  if (connection_.credentials.empty()) return absl::OkStatus();
  LANDWAITER_ASSIGN_OR_RETURN(account_pull_,
                              oci::NewOciRegistry(connection_, clock_));
  return absl::OkStatus();
}

Organization* QuayRegistry::OrganizationOf(std::string_view name_space) {
  const auto found =
      std::find_if(organizations_.begin(), organizations_.end(),
                   [&](const auto& o) { return o->name() == name_space; });
  return found == organizations_.end() ? nullptr : found->get();
}

absl::StatusOr<Registry*> QuayRegistry::PullOf(std::string_view repository) {
  const std::string_view name_space = NamespaceOf(repository);
  const auto robot = base::SplitOnce(connection_.credentials.username, '+');
  const auto token = token_pulls_.find(name_space);
  // A robot has rights in its own namespace only.
  if (account_pull_ != nullptr &&
      (!robot || robot->first == name_space || token == token_pulls_.end())) {
    return account_pull_.get();
  }
  if (token != token_pulls_.end()) return token->second.get();
  return Failure(FailureCode::kUnauthorized,
                 base::StrCat("there is neither an account nor a token of "
                              "organization ",
                              base::Printable(name_space)));
}

// Quay answers 401 to good credentials while it cannot look them up. Asked
// without retries, since 503 is the answer that counts.
bool QuayRegistry::IsDown() {
  const auto client = http::NewClient(connection_.http);
  if (!client.ok()) return false;
  const auto health = (*client)->Send({.target = "/health/instance"});
  if (!health.ok()) return true;
  const auto answer = nlohmann::json::parse(health->body, nullptr, false);
  if (health->status != 503 || !answer.is_object() ||
      !answer.contains("data") || !answer["data"].is_object() ||
      !answer["data"].contains("services")) {
    return health->status >= 500;
  }
  const nlohmann::json& services = answer["data"]["services"];
  return !TrueAt(services, "database") || !TrueAt(services, "auth");
}

absl::Status QuayRegistry::CheckVersion() {
  const auto discovery = nobody_.Get("/api/v1/discovery");
  if (!discovery.ok()) return AsConnectionFailure(discovery.status());
  const auto api = nlohmann::json::parse(discovery->body, nullptr, false);
  if (discovery->status != 200 || TextAt(api, "swagger").empty()) {
    return WrongVersion(base::StrCat(
        "/api/v1/discovery answers ", discovery->status,
        api.is_object() ? "" : " without JSON", ": this is not a Quay"));
  }
  if (connection_.version.empty() || connection_.version == kProductVersion) {
    return absl::OkStatus();
  }
  return WrongVersion(base::StrCat("Quay is of version ", kProductVersion,
                                   ", not ", connection_.version));
}

absl::Status QuayRegistry::CheckAccount() {
  if (connection_.credentials.empty()) return absl::OkStatus();
  bool refused = false;
  const auto token = Login(connection_, clock_).FetchToken(refused);
  if (token.ok()) return absl::OkStatus();
  return refused ? WrongCredentials(base::ToStd(token.status().message()))
                 : AsConnectionFailure(token.status());
}

absl::Status QuayRegistry::CheckCatalog() {
  if (connection_.credentials.empty()) {
    return WrongCredentials(
        "Quay needs a token for each organization, or an account");
  }
  const auto page = ListCatalog({});
  if (page.ok()) return absl::OkStatus();
  return base::FailureCodeOf(page.status()) == FailureCode::kUnauthorized
             ? MissingAdminRole(base::ToStd(page.status().message()))
             : AsConnectionFailure(page.status());
}

absl::StatusOr<Verification> QuayRegistry::Verify() {
  Verification verification{.detected_version = kProductVersion};
  LANDWAITER_RETURN_IF_ERROR(CheckVersion());
  absl::Status status = CheckAccount();
  for (size_t i = 0; status.ok() && i < organizations_.size(); ++i) {
    status = organizations_[i]->Verify(clock_);
  }
  if (status.ok() && organizations_.empty()) {
    status = CheckCatalog();
    verification.note =
        "without tokens of organizations only the repositories are listed that "
        "the account itself has been given a right to; a super user is no "
        "exception";
  }
  if (status.ok()) return verification;
  if (base::FailureCodeOf(status) != FailureCode::kNetworkConnectError &&
      IsDown()) {
    return Failure(FailureCode::kNetworkConnectError,
                   "Quay says of itself that it is not well "
                   "(/health/instance)",
                   "Protocol");
  }
  return status;
}

absl::StatusOr<RepositoryPage> QuayRegistry::ListRepositories(
    std::string_view cursor) {
  Place place;
  if (!cursor.empty()) {
    LANDWAITER_ASSIGN_OR_RETURN(place, ParseCursor(cursor));
  } else if (!organizations_.empty()) {
    place.list = organizations_.front()->name();
  }
  return organizations_.empty() ? ListCatalog(place) : ListOrganization(place);
}

absl::StatusOr<RepositoryPage> QuayRegistry::ListOrganization(
    const Place& place) {
  const auto at =
      std::find_if(organizations_.begin(), organizations_.end(),
                   [&](const auto& o) { return o->name() == place.list; });
  if (at == organizations_.end()) {
    return absl::InvalidArgumentError("the cursor is not of this registry");
  }
  LANDWAITER_ASSIGN_OR_RETURN(Organization::Names names,
                              (*at)->List(place.next_page));
  LANDWAITER_ASSIGN_OR_RETURN(const Step step,
                              NextPlace(place, names.first, names.next_page));
  RepositoryPage page;
  if (step.again) {
    page.next_cursor = ToCursor(step.next);
    return page;
  }
  // `state` stays empty: last_modified is that of the newest tag, in seconds,
  // and stays the same when another is deleted.
  for (std::string& name : names.usable) {
    page.repositories.push_back({.name = std::move(name)});
  }
  if (!step.next.next_page.empty()) {
    page.next_cursor = ToCursor(step.next);
    return page;
  }
  // The end of the list, if the token is still what it was.
  LANDWAITER_ASSIGN_OR_RETURN(const bool owner, (*at)->IsOwner());
  if (!owner) {
    return Failure(FailureCode::kUnauthorized,
                   base::StrCat("the token of ", place.list,
                                " is bad or is not an owner's any more: Quay "
                                "shows it only a part of the repositories"));
  }
  const auto next = std::next(at);
  page.complete = next == organizations_.end();
  if (!page.complete) page.next_cursor = ToCursor({.list = (*next)->name()});
  return page;
}

absl::StatusOr<RepositoryPage> QuayRegistry::ListCatalog(const Place& place) {
  if (!place.list.empty()) {
    return absl::InvalidArgumentError("the cursor is not of this registry");
  }
  if (account_pull_ == nullptr) {
    return Failure(FailureCode::kUnauthorized,
                   "there is neither an account nor a token");
  }
  http::Url url = connection_.http.base;
  url.target = base::StrCat("/v2/_catalog?n=", kRepositoriesAPage);
  if (!place.next_page.empty()) {
    base::StrAppend(&url.target,
                    "&next_page=", http::EscapeComponent(place.next_page));
  }
  LANDWAITER_ASSIGN_OR_RETURN(const http::Response response,
                              catalog_.Get(url.target));
  if (response.status != 200) {
    return StatusFailure(response.status, "list of repositories");
  }
  LANDWAITER_ASSIGN_OR_RETURN(
      std::vector<std::string> names,
      oci::ReadStringList(response.body, "repositories"));
  if (names.empty() && place.next_page.empty()) {
    return Failure(FailureCode::kUnauthorized,
                   "the account has a right to no repository of Quay");
  }
  LANDWAITER_ASSIGN_OR_RETURN(const std::string link,
                              NextTarget(url, response.headers));
  const std::string next_page = QueryValue(link, "next_page").value_or("");
  if (!link.empty() && next_page.empty()) {
    return Failure(FailureCode::kNetworkError,
                   "the next page of the list of repositories has no token",
                   "Protocol");
  }
  LANDWAITER_ASSIGN_OR_RETURN(
      const Step step,
      NextPlace(place, names.empty() ? "" : names.front(), next_page));
  RepositoryPage page;
  for (std::string& name : names) {
    if (step.again || !model::IsValidRepository(name)) continue;
    page.repositories.push_back({.name = std::move(name)});
  }
  page.complete = !step.again && next_page.empty();
  if (!page.complete) page.next_cursor = ToCursor(step.next);
  return page;
}

absl::StatusOr<ArtifactPage> QuayRegistry::ListArtifacts(
    std::string_view repository, std::string_view cursor) {
  if (!model::IsValidRepository(repository)) {
    return absl::InvalidArgumentError("the repository is invalid");
  }
  Organization* organization = OrganizationOf(NamespaceOf(repository));
  if (organization == nullptr) {
    LANDWAITER_ASSIGN_OR_RETURN(Registry * pull, PullOf(repository));
    return pull->ListArtifacts(repository, cursor);
  }
  int64_t page = 1;
  if (!cursor.empty()) {
    page = base::ParseInt64(cursor).value_or(0);
    if (page < 2 || page > kMaxTagPage) {
      return absl::InvalidArgumentError("the cursor is not of this registry");
    }
  }
  return organization->Tags(repository, page);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Registry>> NewQuayRegistry(Connection connection,
                                                          base::Clock& clock) {
  connection.http.base.target.clear();
  auto probe = http::NewClient(connection.http);
  if (!probe.ok()) return probe.status();
  auto registry = std::make_unique<QuayRegistry>(std::move(connection), clock);
  LANDWAITER_RETURN_IF_ERROR(registry->Open());
  return registry;
}

}  // namespace landwaiter::agent::registry::quay
