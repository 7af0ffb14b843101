#include "agent/registry/ecr/ecr_registry.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "agent/registry/cloud/alibaba_api.h"
#include "agent/registry/cloud/aws_api.h"
#include "agent/registry/cloud/renewed_pull.h"
#include "agent/registry/hosted/pull_side.h"
#include "agent/registry/transport/api_client.h"
#include "agent/registry/transport/connection_failure.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/model/image_reference.h"

namespace landwaiter::agent::registry::ecr {
namespace {

using base::Failure;
using base::FailureCode;
using nlohmann::json;

constexpr int kRowsPerPage = 1000;  // the most that ECR gives
constexpr size_t kMaxToken = 4096;  // of a next page

absl::Status NoList(std::string_view what) {
  return Failure(FailureCode::kNetworkError,
                 base::StrCat("ECR's answer is no list of ", what), "Protocol");
}

absl::StatusOr<cloud::TemporaryLogin> LoginIn(const json& answer) {
  const json* row = nullptr;
  if (answer.is_object() && answer.contains("authorizationData") &&
      answer["authorizationData"].is_array() &&
      !answer["authorizationData"].empty()) {
    row = &answer["authorizationData"][0];
  }
  std::string login;
  if (row == nullptr ||
      !absl::Base64Unescape(TextAt(*row, "authorizationToken"), &login)) {
    return NoList("authorization tokens");
  }
  const auto parts = base::SplitOnce(login, ':');
  if (!parts) return NoList("authorization tokens");
  cloud::TemporaryLogin temporary;
  temporary.credentials = {std::string(parts->first),
                           std::string(parts->second)};
  double until = 0;
  if (row->contains("expiresAt") && (*row)["expiresAt"].is_number()) {
    until = (*row)["expiresAt"].get<double>();
  }
  temporary.until =
      absl::FromUnixSeconds(static_cast<int64_t>(std::clamp(until, 0.0, 1e11)));
  return temporary;
}

class EcrRegistry : public hosted::PullSide {
 public:
  EcrRegistry(const Connection& connection, const Connection& api,
              const std::string& region, base::Clock& clock)
      : api_(api, region, clock),
        pull_(connection, clock, [this] { return Login(); }) {}

  absl::StatusOr<Verification> Verify() override;
  absl::StatusOr<RepositoryPage> ListRepositories(
      std::string_view cursor) override;
  absl::StatusOr<ArtifactPage> ListArtifacts(std::string_view repository,
                                             std::string_view cursor) override;

 private:
  // A page of "repositories" or "imageDetails"; `cursor` is ECR's nextToken.
  struct Rows {
    json rows;
    std::string next;
  };
  absl::StatusOr<Rows> RowsAt(std::string_view action, json request,
                              std::string_view cursor, const char* key);
  absl::StatusOr<cloud::TemporaryLogin> Login();
  absl::StatusOr<Place> Where(std::string_view repository) override {
    LANDWAITER_ASSIGN_OR_RETURN(auto oci, pull_.Get());
    return Place{std::move(oci), std::string(repository)};
  }

  cloud::AwsApi api_;
  cloud::RenewedPull pull_;
};

absl::StatusOr<cloud::TemporaryLogin> EcrRegistry::Login() {
  const auto answer = api_.Call("GetAuthorizationToken", "{}");
  if (!answer.ok()) return AsListingFailure(answer.status());
  return LoginIn(*answer);
}

absl::StatusOr<Verification> EcrRegistry::Verify() {
  for (const auto& [action, body] :
       {std::pair("DescribeRepositories", R"({"maxResults":1})"),
        std::pair("GetAuthorizationToken", "{}")}) {
    const auto answer = api_.Call(action, body);
    if (!answer.ok()) return hosted::AsVerifyFailure(answer.status());
  }
  // The registry is another host than the API.
  const auto oci = pull_.Get();
  if (!oci.ok()) return hosted::AsVerifyFailure(oci.status());
  const auto seen = (*oci)->ListRepositories("");
  if (!seen.ok() &&
      base::FailureCodeOf(seen.status()) == FailureCode::kNetworkConnectError) {
    return hosted::AsVerifyFailure(seen.status());
  }
  return Verification{.detected_version = "V2"};
}

absl::StatusOr<EcrRegistry::Rows> EcrRegistry::RowsAt(std::string_view action,
                                                      json request,
                                                      std::string_view cursor,
                                                      const char* key) {
  if (cursor.size() > kMaxToken ||
      std::any_of(cursor.begin(), cursor.end(),
                  [](char c) { return c < 0x21 || c > 0x7E; })) {
    return absl::InvalidArgumentError("the cursor is not of ECR");
  }
  request["maxResults"] = kRowsPerPage;
  if (!cursor.empty()) request["nextToken"] = std::string(cursor);
  auto answer = api_.Call(action, request.dump());
  if (!answer.ok()) {
    if (base::FailureCauseOf(answer.status()) ==
        "RepositoryNotFoundException") {
      return Failure(FailureCode::kNotFound, "ECR has no such repository");
    }
    return AsListingFailure(answer.status());
  }
  if (!answer->is_object() || !answer->contains(key) ||
      !(*answer)[key].is_array() || (*answer)[key].size() > kRowsPerPage) {
    return NoList(key);
  }
  Rows rows{.rows = std::move((*answer)[key]),
            .next = TextAt(*answer, "nextToken")};
  if (!rows.next.empty() && rows.next == cursor) return NoList(key);
  return rows;
}

absl::StatusOr<RepositoryPage> EcrRegistry::ListRepositories(
    std::string_view cursor) {
  LANDWAITER_ASSIGN_OR_RETURN(
      const Rows rows,
      RowsAt("DescribeRepositories", json::object(), cursor, "repositories"));
  RepositoryPage page{.next_cursor = rows.next, .complete = rows.next.empty()};
  for (const json& row : rows.rows) {
    std::string name = TextAt(row, "repositoryName");
    if (model::IsValidRepository(name)) {
      page.repositories.push_back({.name = std::move(name)});
    }
  }
  return page;
}

absl::StatusOr<ArtifactPage> EcrRegistry::ListArtifacts(
    std::string_view repository, std::string_view cursor) {
  if (!model::IsValidRepository(repository)) {
    return absl::InvalidArgumentError("the repository is invalid");
  }
  LANDWAITER_ASSIGN_OR_RETURN(
      const Rows rows,
      RowsAt("DescribeImages", {{"repositoryName", std::string(repository)}},
             cursor, "imageDetails"));
  ArtifactPage page{.next_cursor = rows.next, .complete = rows.next.empty()};
  for (const json& row : rows.rows) {
    const auto digest = model::Digest::Parse(TextAt(row, "imageDigest"));
    if (!digest.ok()) continue;
    model::ManifestEntry entry{.digest = *digest};
    entry.size = std::max<int64_t>(0, NumberAt(row, "imageSizeInBytes"));
    if (row.contains("imagePushedAt") && row["imagePushedAt"].is_number()) {
      const double at = row["imagePushedAt"].get<double>();
      entry.pushed = absl::FromUnixMillis(
          static_cast<int64_t>(std::clamp(at, 0.0, 1e11) * 1000));
    }
    page.manifests.push_back(std::move(entry));
    if (!row.contains("imageTags") || !row["imageTags"].is_array()) continue;
    for (const json& tag : row["imageTags"]) {
      if (tag.is_string() && model::IsValidTag(tag.get<std::string>())) {
        page.tags.push_back({.name = tag, .digest = *digest});
      }
    }
  }
  return page;
}

// "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
std::string RegionIn(std::string_view host) {
  const auto labels = base::Split(host, '.');
  return labels.size() >= 6 && labels[1] == "dkr" && labels[2] == "ecr"
             ? std::string(labels[3])
             : "";
}

}  // namespace

absl::StatusOr<std::unique_ptr<Registry>> NewEcrRegistry(Connection connection,
                                                         base::Clock& clock) {
  connection.http.base.target.clear();
  const std::string region = connection.region.empty()
                                 ? RegionIn(connection.http.base.host)
                                 : connection.region;
  if (!cloud::IsRegion(region) || connection.credentials.empty()) {
    return absl::InvalidArgumentError(
        "ECR needs an access key and a region, of its own or in the host");
  }
  LANDWAITER_ASSIGN_OR_RETURN(
      const Connection api,
      cloud::ApiConnection(connection, cloud::AwsApi::HostOf(region)));
  return std::make_unique<EcrRegistry>(connection, api, region, clock);
}

}  // namespace landwaiter::agent::registry::ecr
