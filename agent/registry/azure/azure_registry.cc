#include "agent/registry/azure/azure_registry.h"

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "agent/registry/hosted/pull_side.h"
#include "agent/registry/oci/authorizer.h"
#include "agent/registry/oci/challenge.h"
#include "agent/registry/oci/oci_registry.h"
#include "agent/registry/oci/paging.h"
#include "agent/registry/transport/api_client.h"
#include "agent/registry/transport/connection_failure.h"
#include "agent/registry/transport/transport.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/model/image_reference.h"

namespace landwaiter::agent::registry::azure {
namespace {

using base::Failure;
using base::FailureCode;
using nlohmann::json;

constexpr int kTagsPerPage = 500;
// Cursors of a listing through /v2/, for accounts that may pull, but not read
// metadata.
constexpr std::string_view kPlain = "v2:";

class AzureRegistry : public hosted::FixedPullSide {
 public:
  AzureRegistry(Connection connection, std::unique_ptr<Registry> oci,
                base::Clock& clock)
      : FixedPullSide(std::move(oci)),
        connection_(std::move(connection)),
        authorizer_(connection_, clock),
        transport_(connection_, authorizer_, clock),
        open_(connection_,
              std::make_unique<FixedAuthorization>(http::Headers()), clock) {}

  absl::StatusOr<Verification> Verify() override;
  absl::StatusOr<RepositoryPage> ListRepositories(
      std::string_view cursor) override {
    return oci().ListRepositories(cursor);
  }
  absl::StatusOr<ArtifactPage> ListArtifacts(std::string_view repository,
                                             std::string_view cursor) override;

 private:
  absl::StatusOr<ArtifactPage> ListPlain(std::string_view repository,
                                         std::string_view cursor);

  const Connection connection_;
  oci::Authorizer authorizer_;
  Transport transport_;
  ApiClient open_;  // sends no credentials to what is not known yet
};

absl::StatusOr<Verification> AzureRegistry::Verify() {
  const auto root = open_.Get("/v2/");
  if (!root.ok()) return AsConnectionFailure(root.status());
  if (root->status == 200) {
    return IsWebPage(*root)
               ? UnexpectedAnswer("a web page in place of /v2/", 200)
               : WrongVersion("/v2/ asks for no login: not one of Azure's");
  }
  for (const oci::Challenge& challenge : oci::ReadChallenges(root->headers)) {
    const auto realm = http::Url::Parse(challenge.Parameter("realm"));
    if (realm.ok() && realm->target == "/oauth2/token") return oci().Verify();
  }
  return WrongVersion(
      "this is no registry of Azure: its tokens do not come "
      "from /oauth2/token");
}

absl::StatusOr<ArtifactPage> AzureRegistry::ListPlain(
    std::string_view repository, std::string_view cursor) {
  LANDWAITER_ASSIGN_OR_RETURN(ArtifactPage page,
                              oci().ListArtifacts(repository, cursor));
  if (!page.complete) page.next_cursor = base::StrCat(kPlain, page.next_cursor);
  return page;
}

absl::StatusOr<ArtifactPage> AzureRegistry::ListArtifacts(
    std::string_view repository, std::string_view cursor) {
  if (!model::IsValidRepository(repository)) {
    return absl::InvalidArgumentError("the repository is invalid");
  }
  if (cursor.starts_with(kPlain)) {
    return ListPlain(repository, cursor.substr(kPlain.size()));
  }
  if (!cursor.empty() && !model::IsValidTag(cursor)) {
    return absl::InvalidArgumentError("the cursor is not of Azure");
  }
  http::Request request;
  request.target =
      base::StrCat("/acr/v1/", repository, "/_tags?n=", kTagsPerPage,
                   cursor.empty() ? "" : "&last=", cursor);
  const auto response = transport_.Send(
      request, base::StrCat("repository:", repository, ":metadata_read"),
      ApiClient::kMaxBody);
  const bool denied = response.ok() ? response->status == 403
                                    : base::FailureCodeOf(response.status()) ==
                                          FailureCode::kUnauthorized;
  if (denied && cursor.empty()) return ListPlain(repository, "");
  if (!response.ok()) return response.status();
  if (response->status != 200) {
    return StatusFailure(response->status,
                         base::StrCat("repository ", repository));
  }
  LANDWAITER_ASSIGN_OR_RETURN(const json answer,
                              JsonOf(*response, "a list of tags"));
  ArtifactPage page;
  if (!answer.is_object() || !answer.contains("tags") ||
      (!answer["tags"].is_array() && !answer["tags"].is_null())) {
    return Failure(FailureCode::kNetworkError,
                   "Azure's answer is no list of tags", "Protocol");
  }
  for (const json& row : answer["tags"]) {
    const auto digest = model::Digest::Parse(TextAt(row, "digest"));
    std::string name = TextAt(row, "name");
    if (!digest.ok() || !model::IsValidTag(name)) continue;
    page.tags.push_back({.name = std::move(name), .digest = *digest});
    page.manifests.push_back(
        {.digest = *digest,
         .pushed = hosted::TimeIn(TextAt(row, "lastUpdateTime"))});
  }
  LANDWAITER_ASSIGN_OR_RETURN(
      page.next_cursor,
      oci::NextCursor(connection_.http.base, response->headers));
  if (page.tags.size() > size_t{2} * kTagsPerPage ||
      (!page.next_cursor.empty() &&
       (page.next_cursor == cursor || !model::IsValidTag(page.next_cursor)))) {
    return Failure(FailureCode::kNetworkError,
                   "Azure's list of tags does not page as it should",
                   "Protocol");
  }
  page.complete = page.next_cursor.empty();
  return page;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Registry>> NewAzureRegistry(
    Connection connection, base::Clock& clock) {
  connection.http.base.target.clear();
  LANDWAITER_ASSIGN_OR_RETURN(auto oci, oci::NewOciRegistry(connection, clock));
  return std::make_unique<AzureRegistry>(std::move(connection), std::move(oci),
                                         clock);
}

}  // namespace landwaiter::agent::registry::azure
