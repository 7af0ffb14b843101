#include "agent/registry/catalog.h"

#include <utility>

#include "agent/registry/acr/acr_registry.h"
#include "agent/registry/azure/azure_registry.h"
#include "agent/registry/docker_hub/docker_hub_registry.h"
#include "agent/registry/ecr/ecr_registry.h"
#include "agent/registry/ghcr/ghcr_registry.h"
#include "agent/registry/gitea/gitea_registry.h"
#include "agent/registry/gitlab/gitlab_registry.h"
#include "agent/registry/google/google_registry.h"
#include "agent/registry/harbor/harbor_registry.h"
#include "agent/registry/jfrog/jfrog_registry.h"
#include "agent/registry/nexus/nexus_registry.h"
#include "agent/registry/oci/oci_registry.h"
#include "agent/registry/quay/quay_registry.h"
#include "agent/registry/swr/swr_registry.h"
#include "agent/registry/transport/manners.h"
#include "agent/registry/transport/refused_logins.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry {
namespace {

// How fast a vendor's own service is asked, where the default may be too much.
// ACR's API keeps to 15 calls a second by itself (cloud/alibaba_api.h).
struct KnownLimits {
  std::string_view type;
  std::string_view host;  // or what it ends in; empty: wherever it is
  Manners::Limits limits;
};
constexpr KnownLimits kKnownLimits[] = {
    // GitLab.com: 2,000 requests a minute of one user.
    {"GitLab", "gitlab.com", {.requests_per_second = 30}},
    // GitHub: 5,000 requests an hour, and a secondary limit of 15 a second.
    {"GHCR", "", {.requests_per_second = 15, .concurrency = 4}},
    // Artifactory runs three searches at a time and refuses the fourth.
    {"JFrog", "", {.concurrency = 3}},
    // These throttle too, by account or tier, and say nothing of how much.
    {"AzureACR", "", {.requests_per_second = 20}},
    {"DockerHub", "", {.requests_per_second = 10, .concurrency = 4}},
    {"ECR", "", {.requests_per_second = 20}},
    {"Google", "", {.requests_per_second = 100}},
    {"Quay", "quay.io", {.requests_per_second = 10, .concurrency = 4}},
    {"SWR", "", {.requests_per_second = 50}},
};

bool IsAt(std::string_view host, std::string_view domain) {
  return domain.empty() || host == domain ||
         (host.ends_with(domain) &&
          host[host.size() - domain.size() - 1] == '.');
}

}  // namespace

Manners::Limits LimitsOf(std::string_view type, std::string_view host) {
  for (const KnownLimits& known : kKnownLimits) {
    if (known.type == type && IsAt(host, known.host)) return known.limits;
  }
  return {};
}

absl::StatusOr<std::unique_ptr<Registry>> NewRegistry(std::string_view type,
                                                      Connection connection,
                                                      base::Clock& clock) {
  if (connection.manners == nullptr) {
    connection.manners = std::make_shared<Manners>(
        clock, LimitsOf(type, connection.http.base.host));
  }
  if (connection.refused_logins == nullptr) {
    connection.refused_logins = std::make_shared<RefusedLogins>();
  }
  if (type == "OCI") return oci::NewOciRegistry(std::move(connection), clock);
  if (type == "ACR") return acr::NewAcrRegistry(std::move(connection), clock);
  if (type == "AzureACR") {
    return azure::NewAzureRegistry(std::move(connection), clock);
  }
  if (type == "DockerHub") {
    return docker_hub::NewDockerHubRegistry(std::move(connection), clock);
  }
  if (type == "ECR") return ecr::NewEcrRegistry(std::move(connection), clock);
  if (type == "GHCR")
    return ghcr::NewGhcrRegistry(std::move(connection), clock);
  if (type == "Gitea") {
    return gitea::NewGiteaRegistry(std::move(connection), clock);
  }
  if (type == "GitLab") {
    return gitlab::NewGitLabRegistry(std::move(connection), clock);
  }
  if (type == "Google") {
    return google::NewGoogleRegistry(std::move(connection), clock);
  }
  if (type == "Harbor") {
    return harbor::NewHarborRegistry(std::move(connection), clock);
  }
  if (type == "JFrog") {
    return jfrog::NewJfrogRegistry(std::move(connection), clock);
  }
  if (type == "Nexus") {
    return nexus::NewNexusRegistry(std::move(connection), clock);
  }
  if (type == "Quay") {
    return quay::NewQuayRegistry(std::move(connection), clock);
  }
  if (type == "SWR") return swr::NewSwrRegistry(std::move(connection), clock);
  return absl::UnimplementedError(
      base::StrCat("registries of type ", base::Printable(type),
                   " are not supported by this release"));
}

}  // namespace landwaiter::agent::registry
