#include "agent/registry/docker_hub/docker_hub_registry.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "agent/registry/docker_hub/login.h"
#include "agent/registry/hosted/namespace_pages.h"
#include "agent/registry/hosted/pull_side.h"
#include "agent/registry/oci/oci_registry.h"
#include "agent/registry/transport/api_client.h"
#include "agent/registry/transport/connection_failure.h"
#include "agent/registry/transport/transport.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/model/image_reference.h"

namespace landwaiter::agent::registry::docker_hub {
namespace {

using base::Failure;
using base::FailureCode;
using nlohmann::json;

constexpr int kRowsPerPage = 100;

// Rows of a list, and whether there are more behind them.
struct Rows {
  json results;
  bool more = false;
};

class DockerHubRegistry : public hosted::FixedPullSide {
 public:
  DockerHubRegistry(const Connection& connection, std::unique_ptr<Registry> oci,
                    base::Clock& clock)
      : FixedPullSide(std::move(oci)),
        api_(connection, std::make_unique<Login>(connection), clock) {}

  absl::StatusOr<Verification> Verify() override;
  absl::StatusOr<RepositoryPage> ListRepositories(
      std::string_view cursor) override;
  absl::StatusOr<ArtifactPage> ListArtifacts(std::string_view repository,
                                             std::string_view cursor) override;

 private:
  absl::StatusOr<std::vector<std::string>> Namespaces();
  absl::StatusOr<Rows> RowsAt(std::string_view list, int64_t page,
                              std::string_view what);

  ApiClient api_;
};

absl::StatusOr<std::vector<std::string>> DockerHubRegistry::Namespaces() {
  LANDWAITER_ASSIGN_OR_RETURN(
      const json answer,
      api_.GetJson("/v2/repositories/namespaces", "list of namespaces"));
  const auto found = answer.find("namespaces");
  if (!answer.is_object() || found == answer.end() || !found->is_array()) {
    return Failure(FailureCode::kNetworkError,
                   "Docker Hub's answer is no list of namespaces", "Protocol");
  }
  std::vector<std::string> names;
  for (const json& name : *found) {
    if (name.is_string() && model::IsValidRepository(name.get<std::string>()) &&
        !base::Contains(name.get<std::string>(), "/")) {
      names.push_back(name);
    }
  }
  if (names.empty()) {
    return Failure(FailureCode::kUnauthorized,
                   "the account has no namespace at Docker Hub");
  }
  std::sort(names.begin(), names.end());
  return names;
}

absl::StatusOr<Rows> DockerHubRegistry::RowsAt(std::string_view list,
                                               int64_t page,
                                               std::string_view what) {
  LANDWAITER_ASSIGN_OR_RETURN(
      json answer, api_.GetJson(base::StrCat(list, "?page_size=", kRowsPerPage,
                                             "&ordering=name&page=", page),
                                what));
  const auto results = answer.find("results");
  if (!answer.is_object() || results == answer.end() || !results->is_array() ||
      results->size() > kRowsPerPage) {
    return Failure(FailureCode::kNetworkError,
                   base::StrCat("Docker Hub's answer is no ", what),
                   "Protocol");
  }
  Rows rows{.more = !TextAt(answer, "next").empty()};
  // Asked for ever, if it went on.
  if (rows.more && results->empty()) {
    return Failure(FailureCode::kNetworkError,
                   base::StrCat("a page of a ", what, " is empty"), "Protocol");
  }
  rows.results = std::move(*results);
  return rows;
}

absl::StatusOr<Verification> DockerHubRegistry::Verify() {
  const auto namespaces = Namespaces();
  if (base::FailureCauseOf(namespaces.status()) == kRefused) {
    return WrongCredentials(base::ToStd(namespaces.status().message()));
  }
  if (!namespaces.ok()) return hosted::AsVerifyFailure(namespaces.status());
  return Verification{.detected_version = "V2"};
}

absl::StatusOr<RepositoryPage> DockerHubRegistry::ListRepositories(
    std::string_view cursor) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::vector<std::string> namespaces,
                              Namespaces());
  return hosted::ListByNamespace(
      namespaces, cursor,
      [this](const std::string& name,
             int64_t number) -> absl::StatusOr<hosted::NamespacePage> {
        LANDWAITER_ASSIGN_OR_RETURN(
            const Rows rows,
            RowsAt(base::StrCat("/v2/repositories/", name, "/"), number,
                   "list of repositories"));
        hosted::NamespacePage page{.next = rows.more ? number + 1 : 0};
        for (const json& row : rows.results) {
          const std::string full = base::StrCat(name, "/", TextAt(row, "name"));
          if (model::IsValidRepository(full)) {
            page.repositories.push_back({.name = full});
          }
        }
        return page;
      });
}

absl::StatusOr<ArtifactPage> DockerHubRegistry::ListArtifacts(
    std::string_view repository, std::string_view cursor) {
  const auto number = cursor.empty() ? 1 : base::ParseInt64(cursor);
  if (!model::IsValidRepository(repository) || !number || *number < 1) {
    return absl::InvalidArgumentError("the repository or cursor is invalid");
  }
  LANDWAITER_ASSIGN_OR_RETURN(
      const Rows rows,
      RowsAt(base::StrCat("/v2/repositories/", repository, "/tags/"), *number,
             base::StrCat("list of the tags of ", repository)));
  ArtifactPage page{.complete = !rows.more};
  for (const json& row : rows.results) {
    ListedTag tag{.name = TextAt(row, "name")};
    if (!model::IsValidTag(tag.name)) continue;
    if (auto digest = model::Digest::Parse(TextAt(row, "digest"));
        digest.ok()) {
      tag.digest = *digest;
      model::ManifestEntry entry{.digest = *digest};
      entry.pushed = hosted::TimeIn(TextAt(row, "tag_last_pushed"));
      entry.size = std::max<int64_t>(0, NumberAt(row, "full_size"));
      page.manifests.push_back(std::move(entry));
    }
    page.tags.push_back(std::move(tag));
  }
  if (rows.more) page.next_cursor = base::StrCat(*number + 1);
  return page;
}

bool IsDockers(std::string_view host) {
  return host == "docker.io" || host == "docker.com" ||
         host.ends_with(".docker.io") || host.ends_with(".docker.com");
}

}  // namespace

absl::StatusOr<std::unique_ptr<Registry>> NewDockerHubRegistry(
    Connection connection, const Addresses& addresses, base::Clock& clock) {
  if (connection.credentials.empty()) {
    return absl::InvalidArgumentError(
        "Docker Hub lists nothing without an account");
  }
  Connection api = connection, registry = connection;
  api.http = OptionsForOrigin(connection.http, addresses.api);
  registry.http = OptionsForOrigin(connection.http, addresses.registry);
  LANDWAITER_ASSIGN_OR_RETURN(auto oci,
                              oci::NewOciRegistry(std::move(registry), clock));
  return std::make_unique<DockerHubRegistry>(api, std::move(oci), clock);
}

absl::StatusOr<std::unique_ptr<Registry>> NewDockerHubRegistry(
    Connection connection, base::Clock& clock) {
  if (!IsDockers(connection.http.base.host)) {
    return absl::InvalidArgumentError(
        base::StrCat(base::Printable(connection.http.base.host),
                     " is no address of Docker Hub"));
  }
  LANDWAITER_ASSIGN_OR_RETURN(const http::Url api,
                              http::Url::Parse("https://hub.docker.com"));
  LANDWAITER_ASSIGN_OR_RETURN(const http::Url registry,
                              http::Url::Parse("https://registry-1.docker.io"));
  return NewDockerHubRegistry(std::move(connection), {api, registry}, clock);
}

}  // namespace landwaiter::agent::registry::docker_hub
