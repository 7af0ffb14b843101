#include "agent/registry/nexus/nexus_registry.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "agent/registry/hosted/pull_side.h"
#include "agent/registry/oci/oci_registry.h"
#include "agent/registry/transport/api_client.h"
#include "agent/registry/transport/connection_failure.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/model/image_reference.h"

namespace landwaiter::agent::registry::nexus {
namespace {

using base::Failure;
using base::FailureCode;
using nlohmann::json;

constexpr char kRepositories[] = "/service/rest/v1/repositories";
constexpr size_t kMaxRepositories = 1000;

std::unique_ptr<Authorization> With(http::Headers headers) {
  return std::make_unique<FixedAuthorization>(std::move(headers));
}

class NexusRegistry : public hosted::PullSide {
 public:
  NexusRegistry(Connection connection, base::Clock& clock)
      : connection_(std::move(connection)),
        clock_(clock),
        api_(connection_, std::make_unique<BasicAuthorization>(connection_),
             clock),
        open_(connection_, With({}), clock) {}

  absl::StatusOr<Verification> Verify() override;
  absl::StatusOr<RepositoryPage> ListRepositories(
      std::string_view cursor) override;
  absl::StatusOr<ArtifactPage> ListArtifacts(std::string_view repository,
                                             std::string_view cursor) override {
    LANDWAITER_ASSIGN_OR_RETURN(const Place place, Where(repository));
    return place.registry->ListArtifacts(place.name, cursor);
  }

 private:
  // Images are below a repository of Nexus.
  absl::StatusOr<Place> Where(std::string_view repository) override;
  absl::StatusOr<std::shared_ptr<Registry>> OciOf(const std::string& name);
  absl::StatusOr<std::vector<std::string>> DockerRepositories();

  const Connection connection_;
  base::Clock& clock_;
  ApiClient api_;
  ApiClient open_;  // sends no credentials to what is not known yet
  absl::Mutex mutex_;
  std::map<std::string, std::shared_ptr<Registry>> oci_ ABSL_GUARDED_BY(mutex_);
};

absl::StatusOr<std::shared_ptr<Registry>> NexusRegistry::OciOf(
    const std::string& name) {
  absl::MutexLock lock(&mutex_);
  std::shared_ptr<Registry>& oci = oci_[name];
  if (oci == nullptr) {
    // One that is open to everybody would show what everybody may see.
    LANDWAITER_ASSIGN_OR_RETURN(
        oci,
        oci::NewOciRegistry(connection_, clock_,
                            {.path_prefix = base::StrCat("/repository/", name),
                             .credentials_first = true,
                             .catalog_may_be_empty = true}));
  }
  return oci;
}

absl::StatusOr<NexusRegistry::Place> NexusRegistry::Where(
    std::string_view repository) {
  const auto parts = base::SplitOnce(repository, '/');
  if (!model::IsValidRepository(repository) || !parts) {
    return absl::InvalidArgumentError("the repository is invalid");
  }
  LANDWAITER_ASSIGN_OR_RETURN(auto oci, OciOf(std::string(parts->first)));
  return Place{std::move(oci), std::string(parts->second)};
}

// Sorted. None at all is an error: it may be lost rights.
absl::StatusOr<std::vector<std::string>> NexusRegistry::DockerRepositories() {
  LANDWAITER_ASSIGN_OR_RETURN(
      const json list, api_.GetJson(kRepositories, "list of repositories"));
  if (!list.is_array()) {
    return Failure(FailureCode::kNetworkError,
                   "Nexus's answer is no list of repositories", "Protocol");
  }
  std::vector<std::string> names;
  for (const json& row : list) {
    std::string name = TextAt(row, "name");
    if (TextAt(row, "format") != "docker" || TextAt(row, "type") == "group" ||
        !model::IsValidRepository(name)) {
      continue;
    }
    names.push_back(std::move(name));
  }
  if (names.empty()) {
    return Failure(FailureCode::kUnauthorized,
                   "Nexus shows the account no Docker repository that is "
                   "hosted or a proxy");
  }
  if (names.size() > kMaxRepositories) {
    return Failure(FailureCode::kLimitExceeded,
                   "Nexus has more than 1,000 Docker repositories",
                   "repositories");
  }
  std::sort(names.begin(), names.end());
  return names;
}

absl::StatusOr<Verification> NexusRegistry::Verify() {
  const auto status = open_.Get("/service/rest/v1/status");
  if (!status.ok()) return AsConnectionFailure(status.status());
  if (status->status == 404) {
    return WrongVersion("this is no Nexus 3: there is no /service/rest/v1/");
  }
  if (status->status != 200 || IsWebPage(*status)) {
    return UnexpectedAnswer("/service/rest/v1/status", status->status);
  }
  const auto list = api_.Get(kRepositories);
  if (!list.ok()) return AsConnectionFailure(list.status());
  if (list->status == 401) {
    return WrongCredentials("Nexus refuses the user name or the password");
  }
  const auto names = DockerRepositories();
  if (!names.ok()) return hosted::AsVerifyFailure(names.status());
  LANDWAITER_ASSIGN_OR_RETURN(const auto oci, OciOf(names->front()));
  return oci->Verify();
}

absl::StatusOr<RepositoryPage> NexusRegistry::ListRepositories(
    std::string_view cursor) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::vector<std::string> names,
                              DockerRepositories());
  // "NAME cursor", the second of NAME's catalog.
  std::string name = names.front();
  std::string_view inner;
  if (!cursor.empty()) {
    const auto parts = base::SplitOnce(cursor, ' ');
    if (!parts || !model::IsValidRepository(parts->first)) {
      return absl::InvalidArgumentError("the cursor is not of a Nexus");
    }
    name = parts->first;
    inner = parts->second;
  }
  const auto here = std::lower_bound(names.begin(), names.end(), name);
  RepositoryPage page;
  auto next = here;
  if (here != names.end() && *here == name) {
    LANDWAITER_ASSIGN_OR_RETURN(const auto oci, OciOf(name));
    LANDWAITER_ASSIGN_OR_RETURN(page, oci->ListRepositories(inner));
    for (RepositoryEntry& entry : page.repositories) {
      entry.name = base::StrCat(name, "/", entry.name);
    }
    if (!page.complete) {
      page.next_cursor = base::StrCat(name, " ", page.next_cursor);
      return page;
    }
    ++next;
  }
  page.complete = next == names.end();
  page.next_cursor = page.complete ? "" : base::StrCat(*next, " ");
  return page;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Registry>> NewNexusRegistry(
    Connection connection, base::Clock& clock) {
  connection.http.base.target.clear();
  auto probe = http::NewClient(connection.http);
  if (!probe.ok()) return probe.status();
  return std::make_unique<NexusRegistry>(std::move(connection), clock);
}

}  // namespace landwaiter::agent::registry::nexus
