#include "agent/registry/google/google_registry.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "agent/registry/cloud/alibaba_api.h"
#include "agent/registry/google/cursor.h"
#include "agent/registry/google/google_api.h"
#include "agent/registry/google/tag_list.h"
#include "agent/registry/hosted/pull_side.h"
#include "agent/registry/oci/authorizer.h"
#include "agent/registry/oci/challenge.h"
#include "agent/registry/oci/oci_registry.h"
#include "agent/registry/transport/connection_failure.h"
#include "agent/registry/transport/link.h"
#include "agent/registry/transport/transport.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/model/image_reference.h"

namespace landwaiter::agent::registry::google {
namespace {

using base::Failure;
using base::FailureCode;
using nlohmann::json;

constexpr int kPageSize = 1000;  // the most that the API gives
constexpr size_t kMaxRepositories = 5000;
constexpr int kMaxPages = 100;  // of repositories
constexpr uint64_t kMaxRestarts = 3;
constexpr absl::Duration kRepositoriesLast = absl::Minutes(10);

// /v2/ as one access token sees it. Immutable.
struct Session {
  Session(Connection with_token, base::Clock& clock)
      : connection(std::move(with_token)),
        authorizer(connection, clock),
        transport(connection, authorizer, clock) {}

  const Connection connection;
  oci::Authorizer authorizer;
  Transport transport;
  std::unique_ptr<Registry> oci;
};

// What there is once the key has been read.
struct Opened {
  Opened(const Connection& token_server, const Connection& api_server,
         ServiceAccount account, base::Clock& clock)
      : tokens(token_server, std::move(account), clock),
        api(api_server, tokens, clock) {}

  AccessTokens tokens;
  ArtifactRegistryApi api;
  std::string project;
};

class GoogleRegistry : public hosted::PullSide {
 public:
  GoogleRegistry(Connection connection, Site site, base::Clock& clock)
      : connection_(std::move(connection)),
        site_(std::move(site)),
        clock_(clock),
        open_(connection_,
              std::make_unique<FixedAuthorization>(http::Headers{}), clock) {}

  absl::StatusOr<Verification> Verify() override;
  absl::StatusOr<RepositoryPage> ListRepositories(
      std::string_view cursor) override {
    auto page = ListFrom(cursor);
    if (!page.ok()) return AsListingFailure(page.status());
    return page;
  }
  absl::StatusOr<ArtifactPage> ListArtifacts(std::string_view repository,
                                             std::string_view cursor) override;

 private:
  absl::Status CheckVersion();
  // Errors are a connection's. What it points to lives as long as this.
  absl::StatusOr<Opened*> Open();
  absl::StatusOr<std::shared_ptr<Session>> Login();
  absl::StatusOr<Place> Where(std::string_view repository) override;

  // "projects/P/locations/L".
  std::string Parent(const Opened& opened) const {
    return base::StrCat("projects/", opened.project, "/locations/",
                        site_.location);
  }
  // Ids of the repositories that hold images, sorted.
  absl::StatusOr<std::vector<std::string>> Repositories(Opened& opened);
  absl::StatusOr<RepositoryPage> ListFrom(std::string_view cursor);
  // Whether what a page failed with may be over if its repository is listed
  // again: a page token that got old, a repository that was deleted.
  bool MayRestart(const absl::Status& status, const Cursor& at);
  // The name under /v2/ of a package; empty if it cannot be one.
  std::string NameOf(const Opened& opened, const std::string& repository,
                     const json& package) const;
  absl::StatusOr<ArtifactPage> TagsAt(std::string_view repository,
                                      std::string_view last);
  absl::Status ConfirmEmpty(std::string_view repository);

  const Connection connection_;
  const Site site_;
  base::Clock& clock_;
  ApiClient open_;  // sends no credentials to what is not known yet
  absl::Mutex mutex_;
  std::unique_ptr<Opened> opened_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<Session> session_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> repositories_ ABSL_GUARDED_BY(mutex_);
  absl::Time repositories_until_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

absl::StatusOr<Opened*> GoogleRegistry::Open() {
  absl::MutexLock lock(&mutex_);
  if (opened_ != nullptr) return opened_.get();
  LANDWAITER_ASSIGN_OR_RETURN(ServiceAccount account,
                              ServiceAccount::Parse(connection_.credentials));
  const std::string project = connection_.google_project.empty()
                                  ? account.project()
                                  : connection_.google_project;
  if (!IsProject(project)) {
    return absl::InvalidArgumentError(base::StrCat(
        "\"", base::Printable(project, 80), "\" is no id of a project"));
  }
  LANDWAITER_ASSIGN_OR_RETURN(const Connection tokens,
                              cloud::ApiConnection(connection_, kTokenHost));
  LANDWAITER_ASSIGN_OR_RETURN(
      const Connection api,
      cloud::ApiConnection(connection_, ArtifactRegistryApi::kHost));
  opened_ = std::make_unique<Opened>(tokens, api, std::move(account), clock_);
  opened_->project = project;
  return opened_.get();
}

absl::StatusOr<std::shared_ptr<Session>> GoogleRegistry::Login() {
  LANDWAITER_ASSIGN_OR_RETURN(Opened* const opened, Open());
  LANDWAITER_ASSIGN_OR_RETURN(const std::string token, opened->tokens.Get());
  absl::MutexLock lock(&mutex_);
  if (session_ != nullptr &&
      session_->connection.credentials.password == token) {
    return session_;
  }
  Connection connection = connection_;
  connection.credentials = {"oauth2accesstoken", token};
  auto session = std::make_shared<Session>(connection, clock_);
  LANDWAITER_ASSIGN_OR_RETURN(session->oci,
                              oci::NewOciRegistry(connection, clock_));
  return session_ = std::move(session);
}

absl::StatusOr<GoogleRegistry::Place> GoogleRegistry::Where(
    std::string_view repository) {
  auto session = Login();
  if (!session.ok()) return AsListingFailure(session.status());
  return Place{{*session, (*session)->oci.get()}, std::string(repository)};
}

absl::Status GoogleRegistry::CheckVersion() {
  if (connection_.version == "V1") {
    return Failure(FailureCode::kRegistryVersionError,
                   "Google's registries are of version V2, not V1", "V2");
  }
  const auto root = open_.Get("/v2/");
  if (!root.ok()) return AsConnectionFailure(root.status());
  if (root->status == 200 && IsWebPage(*root)) {
    return UnexpectedAnswer("a web page in place of /v2/", root->status);
  }
  for (const oci::Challenge& challenge : oci::ReadChallenges(root->headers)) {
    const auto realm = http::Url::Parse(challenge.Parameter("realm"));
    if (realm.ok() && realm->target == "/v2/token") return absl::OkStatus();
  }
  return WrongVersion(
      "this is no registry of Google: its tokens do not come from /v2/token");
}

absl::StatusOr<Verification> GoogleRegistry::Verify() {
  LANDWAITER_RETURN_IF_ERROR(CheckVersion());
  const auto page = ListFrom("");
  if (!page.ok() &&
      base::FailureCodeOf(page.status()) == FailureCode::kNotFound) {
    return WrongVersion(base::ToStd(page.status().message()));
  }
  if (!page.ok()) return hosted::AsVerifyFailure(page.status());
  Verification verification{.detected_version = "V2"};
  if (page->repositories.empty()) {
    verification.note = "no image was found so far: there was nothing to pull";
    return verification;
  }
  // Whether what is listed may be pulled too.
  const auto tags = TagsAt(page->repositories.front().name, "");
  if (!tags.ok() &&
      base::FailureCodeOf(tags.status()) == FailureCode::kUnauthorized) {
    return MissingAdminRole(
        "the service account may list images, but not pull them (permission "
        "artifactregistry.repositories.downloadArtifacts)");
  }
  if (!tags.ok()) return hosted::AsVerifyFailure(tags.status());
  return verification;
}

absl::StatusOr<std::vector<std::string>> GoogleRegistry::Repositories(
    Opened& opened) {
  if (!site_.repository.empty()) return std::vector{site_.repository};
  {
    absl::MutexLock lock(&mutex_);
    if (clock_.Now() < repositories_until_) return repositories_;
  }
  std::vector<std::string> ids;
  std::string next;
  for (int pages = 0; pages == 0 || !next.empty(); ++pages) {
    LANDWAITER_ASSIGN_OR_RETURN(
        const json rows, opened.api.List(Parent(opened), "repositories",
                                         std::string(next), kPageSize, next));
    for (const json& row : rows) {
      // A virtual repository shows again what others hold.
      if (TextAt(row, "format") != "DOCKER" ||
          TextAt(row, "mode") == "VIRTUAL_REPOSITORY") {
        continue;
      }
      const std::string name = TextAt(row, "name");
      std::string id = name.substr(name.rfind('/') + 1);
      if (IsRepositoryId(id)) ids.push_back(std::move(id));
    }
    if (ids.size() > kMaxRepositories || pages >= kMaxPages) {
      return Failure(FailureCode::kLimitExceeded,
                     "the project has more than 5,000 repositories",
                     "repositories");
    }
  }
  if (ids.empty()) {
    return Failure(
        FailureCode::kUnauthorized,
        base::StrCat("Google shows the service account no repository of "
                     "Docker images in ",
                     Parent(opened)),
        "EmptyCatalog");
  }
  std::sort(ids.begin(), ids.end());
  absl::MutexLock lock(&mutex_);
  repositories_ = ids;
  repositories_until_ = clock_.Now() + kRepositoriesLast;
  return ids;
}

std::string GoogleRegistry::NameOf(const Opened& opened,
                                   const std::string& repository,
                                   const json& package) const {
  const std::string resource = TextAt(package, "name");
  const std::string image =
      http::Unescape(resource.substr(resource.rfind('/') + 1));
  std::string name = opened.project;  // "example.com:prod" is of a domain
  std::replace(name.begin(), name.end(), ':', '/');
  if (site_.repository.empty()) base::StrAppend(&name, "/", repository);
  base::StrAppend(&name, "/", image);
  return !image.empty() && model::IsValidRepository(name) ? name : "";
}

bool GoogleRegistry::MayRestart(const absl::Status& status, const Cursor& at) {
  if (at.restarts >= kMaxRestarts) return false;
  if (base::FailureCodeOf(status) == FailureCode::kNotFound) {
    absl::MutexLock lock(&mutex_);
    repositories_until_ = absl::InfinitePast();
    return site_.repository.empty();
  }
  return !at.page.empty() && base::FailureCauseOf(status) == "INVALID_ARGUMENT";
}

absl::StatusOr<RepositoryPage> GoogleRegistry::ListFrom(
    std::string_view cursor) {
  LANDWAITER_ASSIGN_OR_RETURN(Opened* const opened, Open());
  Cursor at;
  if (!cursor.empty()) {
    LANDWAITER_ASSIGN_OR_RETURN(at, Cursor::Parse(cursor));
  }
  LANDWAITER_ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                              Repositories(*opened));
  if (cursor.empty()) at.repository = ids.front();
  RepositoryPage page;
  auto here = std::lower_bound(ids.begin(), ids.end(), at.repository);
  if (here != ids.end() && *here == at.repository) {
    std::string next;
    const auto packages = opened->api.List(
        base::StrCat(Parent(*opened), "/repositories/", at.repository),
        "packages", at.page, kPageSize, next);
    if (!packages.ok()) {
      if (!MayRestart(packages.status(), at)) return packages.status();
      page.next_cursor = Cursor{at.repository, at.restarts + 1, ""}.ToString();
      return page;
    }
    for (const json& package : *packages) {
      std::string name = NameOf(*opened, at.repository, package);
      if (!name.empty()) page.repositories.push_back({.name = std::move(name)});
    }
    if (!next.empty()) {
      page.next_cursor = Cursor{at.repository, at.restarts, next}.ToString();
      return page;
    }
    ++here;
  }
  page.complete = here == ids.end();
  if (!page.complete) page.next_cursor = Cursor{*here, 0, ""}.ToString();
  return page;
}

absl::StatusOr<ArtifactPage> GoogleRegistry::TagsAt(std::string_view repository,
                                                    std::string_view last) {
  auto session = Login();
  if (!session.ok()) return AsListingFailure(session.status());
  const std::string what = base::StrCat("repository ", repository);
  http::Request request;
  request.target = base::StrCat("/v2/", repository, "/tags/list");
  if (!last.empty()) base::StrAppend(&request.target, "?last=", last);
  LANDWAITER_ASSIGN_OR_RETURN(
      const http::Response response,
      (*session)->transport.Send(
          request, base::StrCat("repository:", repository, ":pull"),
          ApiClient::kMaxBody));
  if (response.status != 200) return StatusFailure(response.status, what);
  LANDWAITER_ASSIGN_OR_RETURN(const json answer, JsonOf(response, what));
  LANDWAITER_ASSIGN_OR_RETURN(ArtifactPage page, ReadTagList(answer));
  // Google gives all of it at once, so far.
  http::Url url = connection_.http.base;
  url.target = request.target;
  LANDWAITER_ASSIGN_OR_RETURN(const std::string next,
                              NextTarget(url, response.headers));
  if (!next.empty()) {
    page.next_cursor = QueryValue(next, "last").value_or("");
    if (!model::IsValidTag(page.next_cursor) || page.next_cursor == last) {
      return Failure(FailureCode::kNetworkError,
                     "Google's list of tags does not page as it should",
                     "Protocol");
    }
  }
  page.complete = page.next_cursor.empty();
  return page;
}

// /v2/ answers "nothing" with 200, also for what it does not know.
absl::Status GoogleRegistry::ConfirmEmpty(std::string_view repository) {
  LANDWAITER_ASSIGN_OR_RETURN(Opened* const opened, Open());
  std::string prefix = base::StrCat(opened->project, "/");
  std::replace(prefix.begin(), prefix.end(), ':', '/');
  std::string id = site_.repository;
  std::string_view image = repository;
  if (image.starts_with(prefix)) image.remove_prefix(prefix.size());
  if (id.empty()) {
    const auto parts = base::SplitOnce(image, '/');
    if (!parts) return absl::InvalidArgumentError("the repository is invalid");
    id = parts->first;
    image = parts->second;
  }
  std::string next;
  LANDWAITER_ASSIGN_OR_RETURN(
      const json versions,
      opened->api.List(base::StrCat(Parent(*opened), "/repositories/", id,
                                    "/packages/", http::EscapeComponent(image)),
                       "versions", "", 1, next));
  if (versions.empty()) return absl::OkStatus();
  return Failure(FailureCode::kNetworkError,
                 base::StrCat("the registry shows nothing of ", repository,
                              ", of which the API knows versions"),
                 "Listing");
}

absl::StatusOr<ArtifactPage> GoogleRegistry::ListArtifacts(
    std::string_view repository, std::string_view cursor) {
  if (!model::IsValidRepository(repository)) {
    return absl::InvalidArgumentError("the repository is invalid");
  }
  if (!cursor.empty() && !model::IsValidTag(cursor)) {
    return absl::InvalidArgumentError("the cursor is not of Google's registry");
  }
  LANDWAITER_ASSIGN_OR_RETURN(ArtifactPage page, TagsAt(repository, cursor));
  if (cursor.empty() && page.complete && page.tags.empty() &&
      page.manifests.empty()) {
    const absl::Status empty = ConfirmEmpty(repository);
    if (!empty.ok()) return AsListingFailure(empty);
  }
  return page;
}

}  // namespace

std::optional<Site> SiteOf(std::string_view host, std::string_view region) {
  // cloud.google.com/artifact-registry/docs/transition/setup-gcr-repo
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kGcr =
      {{{"gcr.io", "us"},
        {"us.gcr.io", "us"},
        {"eu.gcr.io", "europe"},
        {"asia.gcr.io", "asia"}}};
  for (const auto& [name, location] : kGcr) {
    if (host == name) return Site{std::string(location), std::string(name)};
  }
  constexpr std::string_view kSuffix = "-docker.pkg.dev";
  std::string_view location = region;
  if (host.ends_with(kSuffix)) {
    location = host.substr(0, host.size() - kSuffix.size());
  }
  if (!cloud::IsRegion(location)) return std::nullopt;
  return Site{std::string(location), ""};
}

absl::StatusOr<std::unique_ptr<Registry>> NewGoogleRegistry(
    Connection connection, base::Clock& clock) {
  connection.http.base.target.clear();
  auto probe = http::NewClient(connection.http);
  if (!probe.ok()) return probe.status();
  const auto site = SiteOf(connection.http.base.host, connection.region);
  if (!site) {
    return absl::InvalidArgumentError(
        "Google needs spec.region: the host is neither LOCATION-docker.pkg.dev "
        "nor gcr.io");
  }
  return std::make_unique<GoogleRegistry>(std::move(connection), *site, clock);
}

}  // namespace landwaiter::agent::registry::google
