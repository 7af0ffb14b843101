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
#include "core/base/strings.h"

namespace landwaiter::agent::registry {

absl::StatusOr<std::unique_ptr<Registry>> NewRegistry(std::string_view type,
                                                      Connection connection,
                                                      base::Clock& clock) {
  if (connection.manners == nullptr) {
    connection.manners = std::make_shared<Manners>(clock);
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
