#include "agent/registry/oci/oci_registry.h"

#include <atomic>
#include <utility>

#include "agent/registry/oci/authorizer.h"
#include "agent/registry/oci/blob_transfer.h"
#include "agent/registry/oci/cursor.h"
#include "agent/registry/oci/paging.h"
#include "agent/registry/transport/api_client.h"
#include "agent/registry/transport/connection_failure.h"
#include "agent/registry/transport/manners.h"
#include "agent/registry/transport/transport.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/model/image_reference.h"

namespace landwaiter::agent::registry::oci {
namespace {

using base::Failure;
using base::FailureCode;

constexpr uint64_t kMaxPage = 8 << 20;
constexpr int kPageSize = 500;
constexpr std::string_view kCatalogScope = "registry:catalog:*";
constexpr std::string_view kAccept =
    "application/vnd.oci.image.index.v1+json, "
    "application/vnd.docker.distribution.manifest.list.v2+json, "
    "application/vnd.oci.image.manifest.v1+json, "
    "application/vnd.docker.distribution.manifest.v2+json, "
    "application/vnd.docker.distribution.manifest.v1+prettyjws, "
    "application/vnd.docker.distribution.manifest.v1+json";

std::string PullScope(std::string_view repository) {
  return base::StrCat("repository:", repository, ":pull");
}

// Artifact Registry and gcr.io have a catalog, but nothing in it.
bool IsGoogle(std::string_view host) {
  return host.ends_with(".pkg.dev") || host == "gcr.io" ||
         host.ends_with(".gcr.io");
}

// A registry that hides what the account may not see, or that has lost its
// storage, answers like one that holds nothing. Believed, all that is known of
// it would be forgotten.
absl::Status EmptyCatalog(std::string_view host) {
  return Failure(
      FailureCode::kUnauthorized,
      IsGoogle(host)
          ? "the catalog of Google's registries is always empty: use type "
            "Google"
          : "the registry's catalog is empty: it holds nothing, or shows the "
            "account nothing; what is known of it is kept",
      "EmptyCatalog");
}

class OciRegistry : public Registry {
 public:
  OciRegistry(Connection connection, base::Clock& clock, OciOptions options)
      : connection_(std::move(connection)),
        clock_(clock),
        options_(std::move(options)),
        authorizer_(connection_, clock, options_),
        transport_(connection_, authorizer_, clock) {}

  absl::StatusOr<Verification> Verify() override;
  absl::StatusOr<RepositoryPage> ListRepositories(
      std::string_view cursor) override;
  absl::StatusOr<ArtifactPage> ListArtifacts(std::string_view repository,
                                             std::string_view cursor) override;
  absl::StatusOr<model::Digest> ResolveTag(std::string_view repository,
                                           std::string_view tag) override;
  absl::StatusOr<source::RawManifest> GetManifest(std::string_view repository,
                                                  std::string_view reference,
                                                  uint64_t limit) override;
  absl::Status FetchBlob(std::string_view repository,
                         const model::Descriptor& blob,
                         source::BlobSink sink) override;

 private:
  absl::Status CheckRoot(Verification& verification);
  absl::Status CheckCatalog(Verification& verification);
  absl::Status CheckUnasked(Verification& verification);
  absl::StatusOr<http::Response> AskForPage(const std::string& path,
                                            const Cursor& at,
                                            const std::string& scope);
  absl::StatusOr<http::Response> GetList(const std::string& path,
                                         std::string_view cursor,
                                         const std::string& scope,
                                         std::string_view what,
                                         std::string& next_cursor);

  const Connection connection_;  // with manners
  base::Clock& clock_;
  const OciOptions options_;
  Authorizer authorizer_;
  Transport transport_;
  // The registry refuses pages of kPageSize (distribution, above its
  // catalog.maxentries): it is asked for those that it makes by itself.
  std::atomic<bool> own_pages_ = false;
};

// A failure of the verification for one of the transport.
absl::Status VerificationFailure(const absl::Status& status, bool rejected) {
  if (base::FailureCodeOf(status) != FailureCode::kUnauthorized) {
    return AsConnectionFailure(status);
  }
  return Failure(FailureCode::kFailedToVerifyUsernameOrPwd,
                 base::ToStd(status.message()), rejected ? "" : "Login");
}

absl::Status OciRegistry::CheckRoot(Verification& verification) {
  bool rejected = false;
  const auto root =
      transport_.Send({.target = base::StrCat(options_.path_prefix, "/v2/")},
                      "", 64 << 10, &rejected);
  if (!root.ok()) return VerificationFailure(root.status(), rejected);
  if (root->status == 404) {
    return Failure(FailureCode::kRegistryVersionError,
                   "there is no /v2/: this is not an OCI registry");
  }
  if (root->status != 200 || IsWebPage(*root)) {
    return Failure(FailureCode::kNetworkConnectError,
                   base::StrCat("/v2/ answers ", root->status,
                                IsWebPage(*root) ? " with a web page" : ""),
                   "Protocol");
  }
  verification.detected_version = "V2";
  return absl::OkStatus();
}

absl::Status OciRegistry::CheckCatalog(Verification& verification) {
  bool rejected = false;
  const auto catalog = transport_.Send(
      {.target = base::StrCat(options_.path_prefix, "/v2/_catalog?n=1")},
      std::string(kCatalogScope), kMaxPage, &rejected);
  if (!catalog.ok() &&
      base::FailureCodeOf(catalog.status()) == FailureCode::kUnauthorized &&
      !rejected) {
    return Failure(FailureCode::kUserDoesNotHaveAdminRole,
                   "the account may not list the registry's repositories");
  }
  if (!catalog.ok()) return VerificationFailure(catalog.status(), rejected);
  if (catalog->status == 403) {
    return Failure(FailureCode::kUserDoesNotHaveAdminRole,
                   "the account may not list the registry's repositories");
  }
  if (catalog->status == 404 || catalog->status == 405) {
    return Failure(FailureCode::kRegistryVersionError,
                   "the registry offers no list of its repositories "
                   "(/v2/_catalog): it may need a type of its own");
  }
  if (catalog->status != 200) {
    return Failure(FailureCode::kNetworkConnectError,
                   base::StrCat("/v2/_catalog answers ", catalog->status),
                   "Protocol");
  }
  const auto list = ReadStringList(catalog->body, "repositories");
  if (!list.ok()) return AsConnectionFailure(list.status());
  if (!list->empty() || options_.catalog_may_be_empty) return absl::OkStatus();
  const std::string& host = connection_.http.base.host;
  const std::string why(base::ToStd(EmptyCatalog(host).message()));
  if (IsGoogle(host)) return WrongVersion(why);
  verification.note = why;
  return absl::OkStatus();
}

// Credentials that nothing has asked for. A registry may look at those that
// come unasked, or never at any.
absl::Status OciRegistry::CheckUnasked(Verification& verification) {
  http::Request request{.target = base::StrCat(options_.path_prefix, "/v2/")};
  request.headers = BasicHeaders(connection_.credentials);
  FixedAuthorization as_given({});
  Transport once(connection_, as_given, clock_);
  const auto root = once.Send(request, "", 64 << 10);
  if (!root.ok()) return AsConnectionFailure(root.status());
  if (root->status == 401) {
    return WrongCredentials(
        "the registry refuses the user name or the password");
  }
  verification.note =
      "the registry is open to everybody: it never asked for the user name "
      "and the password, so they were not checked";
  return absl::OkStatus();
}

absl::StatusOr<Verification> OciRegistry::Verify() {
  Verification verification;
  LANDWAITER_RETURN_IF_ERROR(CheckRoot(verification));
  LANDWAITER_RETURN_IF_ERROR(CheckCatalog(verification));
  if (!connection_.credentials.empty() && !authorizer_.challenged()) {
    LANDWAITER_RETURN_IF_ERROR(CheckUnasked(verification));
  }
  return verification;
}

absl::StatusOr<http::Response> OciRegistry::AskForPage(
    const std::string& path, const Cursor& at, const std::string& scope) {
  std::string last;
  if (!at.at_start()) last = base::StrCat("last=", at.Query());
  if (!own_pages_) {
    std::string target = base::StrCat(path, "?n=", kPageSize);
    if (!last.empty()) base::StrAppend(&target, "&", last);
    LANDWAITER_ASSIGN_OR_RETURN(
        http::Response response,
        transport_.Send({.target = target}, scope, kMaxPage));
    if (response.status != 400) return response;
    own_pages_ = true;
  }
  std::string target = path;
  if (!last.empty()) base::StrAppend(&target, "?", last);
  return transport_.Send({.target = target}, scope, kMaxPage);
}

// One page of a list; `next_cursor` stays empty on the last.
absl::StatusOr<http::Response> OciRegistry::GetList(const std::string& path,
                                                    std::string_view cursor,
                                                    const std::string& scope,
                                                    std::string_view what,
                                                    std::string& next_cursor) {
  LANDWAITER_ASSIGN_OR_RETURN(Cursor at, Cursor::Parse(cursor));
  LANDWAITER_ASSIGN_OR_RETURN(http::Response response,
                              AskForPage(path, at, scope));
  if (response.status != 200) return StatusFailure(response.status, what);
  LANDWAITER_ASSIGN_OR_RETURN(
      const std::string last,
      NextCursor(connection_.http.base, response.headers));
  // A server whose next page is this one has come to the end.
  if (last.empty() || last == at.last()) return response;
  LANDWAITER_RETURN_IF_ERROR(at.Advance(last));
  next_cursor = at.ToString();
  return response;
}

absl::StatusOr<RepositoryPage> OciRegistry::ListRepositories(
    std::string_view cursor) {
  RepositoryPage page;
  LANDWAITER_ASSIGN_OR_RETURN(
      const http::Response response,
      GetList(base::StrCat(options_.path_prefix, "/v2/_catalog"), cursor,
              std::string(kCatalogScope), "list of repositories",
              page.next_cursor));
  LANDWAITER_ASSIGN_OR_RETURN(std::vector<std::string> names,
                              ReadStringList(response.body, "repositories"));
  for (std::string& name : names) {
    if (!model::IsValidRepository(name)) continue;
    page.repositories.push_back({.name = std::move(name)});
  }
  page.complete = page.next_cursor.empty();
  if (cursor.empty() && page.complete && page.repositories.empty() &&
      !options_.catalog_may_be_empty) {
    return EmptyCatalog(connection_.http.base.host);
  }
  return page;
}

absl::StatusOr<ArtifactPage> OciRegistry::ListArtifacts(
    std::string_view repository, std::string_view cursor) {
  if (!model::IsValidRepository(repository)) {
    return absl::InvalidArgumentError("the repository is invalid");
  }
  LANDWAITER_ASSIGN_OR_RETURN(const Cursor at, Cursor::Parse(cursor));
  if (!at.at_start() && !model::IsValidTag(at.last())) {
    return absl::InvalidArgumentError("the cursor names no tag");
  }
  ArtifactPage page;
  LANDWAITER_ASSIGN_OR_RETURN(
      const http::Response response,
      GetList(
          base::StrCat(options_.path_prefix, "/v2/", repository, "/tags/list"),
          cursor, PullScope(repository),
          base::StrCat("repository ", repository), page.next_cursor));
  LANDWAITER_ASSIGN_OR_RETURN(std::vector<std::string> tags,
                              ReadStringList(response.body, "tags"));
  for (std::string& tag : tags) {
    if (model::IsValidTag(tag)) page.tags.push_back({.name = std::move(tag)});
  }
  page.complete = page.next_cursor.empty();
  return page;
}

absl::StatusOr<model::Digest> OciRegistry::ResolveTag(
    std::string_view repository, std::string_view tag) {
  if (!model::IsValidRepository(repository) || !model::IsValidTag(tag)) {
    return absl::InvalidArgumentError("the repository or tag is invalid");
  }
  http::Request request{.method = "HEAD"};
  request.target = base::StrCat(options_.path_prefix, "/v2/", repository,
                                "/manifests/", tag);
  request.headers.emplace_back("Accept", std::string(kAccept));
  LANDWAITER_ASSIGN_OR_RETURN(
      const http::Response head,
      transport_.Send(request, PullScope(repository), 0));
  if (head.status == 200) {
    const std::string* digest =
        http::FindHeader(head.headers, "Docker-Content-Digest");
    if (digest != nullptr) {
      if (auto parsed = model::Digest::Parse(*digest); parsed.ok()) {
        return parsed;
      }
    }
  } else if (head.status != 405 && head.status != 501) {
    return StatusFailure(head.status, base::StrCat(repository, ":", tag));
  }
  // A server that does not tell by HEAD tells by GET.
  LANDWAITER_ASSIGN_OR_RETURN(const source::RawManifest manifest,
                              GetManifest(repository, tag, 4 << 20));
  return manifest.digest;
}

absl::StatusOr<source::RawManifest> OciRegistry::GetManifest(
    std::string_view repository, std::string_view reference, uint64_t limit) {
  const auto wanted = model::Digest::Parse(reference);
  if (!model::IsValidRepository(repository) ||
      (!wanted.ok() && !model::IsValidTag(reference))) {
    return absl::InvalidArgumentError("the repository or reference is invalid");
  }
  const std::string what =
      base::StrCat("manifest ", repository, wanted.ok() ? "@" : ":", reference);
  http::Request request;
  request.target = base::StrCat(options_.path_prefix, "/v2/", repository,
                                "/manifests/", reference);
  request.headers.emplace_back("Accept", std::string(kAccept));
  auto response = transport_.Send(request, PullScope(repository), limit);
  if (!response.ok()) return base::WithContext(response.status(), what);
  if (response->status != 200) return StatusFailure(response->status, what);
  if (IsWebPage(*response)) {
    return Failure(FailureCode::kNetworkError,
                   base::StrCat("a web page came in place of the ", what),
                   "Protocol");
  }
  source::RawManifest manifest;
  if (const std::string* type =
          http::FindHeader(response->headers, "Content-Type")) {
    manifest.media_type =
        std::string(base::Strip(type->substr(0, type->find(';'))));
  }
  manifest.digest = model::Digest::Of(response->body);
  manifest.bytes = std::move(response->body);
  if (wanted.ok() && manifest.digest != *wanted) {
    return Failure(FailureCode::kDigestMismatch,
                   base::StrCat("the bytes of ", what, " have the digest ",
                                manifest.digest.text()));
  }
  return manifest;
}

absl::Status OciRegistry::FetchBlob(std::string_view repository,
                                    const model::Descriptor& blob,
                                    source::BlobSink sink) {
  if (!model::IsValidRepository(repository) || blob.digest.empty()) {
    return absl::InvalidArgumentError("the repository or digest is invalid");
  }
  return TransferBlob(transport_, clock_,
                      base::StrCat(options_.path_prefix, "/v2/", repository,
                                   "/blobs/", blob.digest.text()),
                      PullScope(repository), blob, sink);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Registry>> NewOciRegistry(Connection connection,
                                                         base::Clock& clock,
                                                         OciOptions options) {
  connection.http.base.target.clear();
  if (connection.manners == nullptr) {
    connection.manners = std::make_shared<Manners>(clock);
  }
  // What would be found out at the first request is said now.
  auto probe = http::NewClient(connection.http);
  if (!probe.ok()) return probe.status();
  return std::make_unique<OciRegistry>(std::move(connection), clock,
                                       std::move(options));
}

}  // namespace landwaiter::agent::registry::oci
