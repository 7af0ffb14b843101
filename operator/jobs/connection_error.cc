#include "operator/jobs/connection_error.h"

#include <string_view>

#include "core/base/failure.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/api/text.h"
#include "operator/jobs/uploaded_component.h"

namespace landwaiter::jobs {
namespace {

using base::FailureCode;

constexpr size_t kMaxText = 1024;

std::string_view SentenceOf(FailureCode code) {
  switch (code) {
    case FailureCode::kFailedToVerifyUsernameOrPwd:
      return "Username or password is invalid.";
    case FailureCode::kRegistryVersionError:
      return "The version of the image repository is invalid.";
    case FailureCode::kUserDoesNotHaveAdminRole:
      return "You do not have administrative rights.";
    case FailureCode::kNetworkConnectError:
      return "The network connection timed out.";
    default:
      return "";
  }
}

// What administrative rights are, on a registry of the type.
struct RoleOfType {
  std::string_view type;
  std::string_view role;
};
constexpr RoleOfType kRoles[] = {
    {"Harbor", "make it a system administrator of Harbor"},
    {"Quay",
     "make it an owner of each organization (or a superuser), and give the "
     "token the scopes repo:read, user:read and org:admin"},
    {"GitLab",
     "use an administrator's account, or for each group a group access token "
     "of role Reporter or higher with read_api and read_registry"},
    {"JFrog", "make it an administrator of the JFrog platform"},
    {"ACR",
     "attach a RAM policy that allows cr:List*, cr:Get* and cr:PullRepository"},
    {"SWR",
     "give it SWR administrator rights, or manage rights (7) in each "
     "organization"},
    {"AzureACR",
     "give it the role Container Registry Repository Catalog Lister and "
     "AcrPull, or use the registry's admin user"},
    {"DockerHub", "it must have a namespace, its own or an organization's"},
    {"ECR",
     "give the access key's user the policy "
     "AmazonEC2ContainerRegistryReadOnly"},
    {"GHCR",
     "use a classic personal access token with the scopes read:packages and "
     "read:org"},
    {"Gitea", "make it an administrator of the Gitea"},
    {"Google",
     "give the service account the role Artifact Registry Reader "
     "(roles/artifactregistry.reader) in the project"},
    {"Nexus",
     "give it a role with nx-repository-view-docker-*-browse and -read"},
    {"AlibabaCloud",
     "attach a RAM policy that allows cr:List* and cr:Get* to the AccessKey"},
    {"HuaweiCloud", "give it SWR FullAccess or SWR administrator rights"},
    {"AWS", "attach a policy that allows ecr:DescribeRegistry"},
    {"OCI", "it must be allowed to list the catalog (registry:catalog:*)"},
};

std::string RoleSolution(const api::ImageRegistry& registry) {
  std::string text = "Grant the account administrative rights on the registry";
  for (const RoleOfType& entry : kRoles) {
    if (entry.type == registry.type) {
      base::StrAppend(&text, ": ", entry.role);
      break;
    }
  }
  return text + ".";
}

std::string VersionSolution(const VerifyResult& result,
                            const api::ImageRegistry& registry) {
  const bool named = result.cause == "V1" || result.cause == "V2";
  const std::string& detected = named ? result.cause : result.detected_version;
  std::string text = "Check that spec.version";
  base::StrAppend(&text,
                  registry.version.empty()
                      ? std::string()
                      : base::StrCat(" (now ", registry.version, ")"),
                  " and spec.type match the registry");
  if (!detected.empty()) {
    base::StrAppend(&text, ", which was detected as ", detected);
  } else if (!result.message.empty()) {
    return base::StrCat(text, ": ", result.message);
  }
  return text + ".";
}

std::string_view StepSolution(std::string_view cause) {
  if (cause == "Dns") {
    return "The name could not be resolved: check spec.endpoint and the "
           "repository cluster's DNS, or set spec.endpoint.connect.ip";
  }
  if (cause == "Connect") {
    return "No connection could be made: check that the registry is up, that "
           "its port is open, and that a firewall or IP allow-list lets the "
           "repository cluster in";
  }
  if (cause == "Tls") {
    return "The TLS handshake failed: check the registry's certificate, "
           "spec.tls.caSecretRef and that the port speaks https";
  }
  if (cause == "Timeout") {
    return "Nothing answered in time: check connectivity from the repository "
           "cluster and that the registry's port is open";
  }
  if (cause == "BlockedAddress") {
    return "The registry's name leads to a loopback, link-local or metadata "
           "address: check DNS; an administrator can allow it with "
           "agent.allowedAddresses in the operator's configuration";
  }
  if (cause == "ClockSkew") {
    return "The cloud refuses requests whose time is wrong: set the clock of "
           "the repository cluster's nodes";
  }
  if (cause == "Protocol") {
    return "What answered does not speak the registry's API: check "
           "spec.endpoint (http or https, port) and what stands in front of "
           "the registry";
  }
  return "Check connectivity from the repository cluster and that the "
         "registry's port is open";
}

std::string NetworkSolution(const VerifyResult& result,
                            const api::ImageRegistry& registry) {
  std::string text(StepSolution(result.cause));
  if (!registry.private_network && registry.connect_ip.empty()) {
    return text + ".";
  }
  base::StrAppend(&text, ". For a private network, check the forwarding rule");
  if (!registry.connect_ip.empty()) {
    base::StrAppend(&text, " on ", registry.connect_ip,
                    " (status.commands.forwarder makes one)");
  }
  return text + ".";
}

std::string ComponentSolution(const VerifyResult& result,
                              const api::ImageRegistry& registry) {
  if (!IsUploaded(registry)) {
    return "Check that the repository cluster can pull the scan component's "
           "image.";
  }
  if (result.cause == "Unauthorized") {
    return "Check the username and password in the Secret: the cluster could "
           "not log in to pull the scan component. Not tried again until "
           "something changes.";
  }
  return "Upload the scan component with the commands in "
         "status.commands.scanComponent.";
}

}  // namespace

std::string ErrorMessage(const VerifyResult& result) {
  const auto code = base::FailureCodeFromString(result.code);
  const std::string_view sentence = code ? SentenceOf(*code) : "";
  if (sentence.empty() || result.message.starts_with(sentence)) {
    return api::Text(result.message, kMaxText);
  }
  if (result.message.empty()) return std::string(sentence);
  return api::Text(base::StrCat(sentence, " ", result.message), kMaxText);
}

std::string SolutionFor(const VerifyResult& result,
                        const api::ImageRegistry& registry) {
  const auto code = base::FailureCodeFromString(result.code);
  if (!code) return "";
  switch (*code) {
    case FailureCode::kFailedToVerifyUsernameOrPwd:
      return "Check the username and password in the Secret.";
    case FailureCode::kRegistryVersionError:
      return VersionSolution(result, registry);
    case FailureCode::kUserDoesNotHaveAdminRole:
      return RoleSolution(registry);
    case FailureCode::kNetworkConnectError:
      return NetworkSolution(result, registry);
    case FailureCode::kScanComponentMissing:
      return ComponentSolution(result, registry);
    case FailureCode::kClusterNotRunning:
      return "See the conditions of the RepositoryCluster.";
    default:
      return "";
  }
}

nlohmann::json ErrorJson(const VerifyResult& result,
                         const api::ImageRegistry& registry) {
  nlohmann::json json = {{"code", result.code},
                         {"message", ErrorMessage(result)},
                         {"solution", SolutionFor(result, registry)}};
  if (!result.cause.empty()) json["cause"] = result.cause;
  return json;
}

bool IsRefusal(const VerifyResult& result) {
  const auto code = base::FailureCodeFromString(result.code);
  if (!code) return false;
  switch (*code) {
    case FailureCode::kFailedToVerifyUsernameOrPwd:
    case FailureCode::kUserDoesNotHaveAdminRole:
    case FailureCode::kRegistryVersionError:
      return true;
    case FailureCode::kScanComponentMissing:
      return result.cause == "Unauthorized";
    default:
      return false;
  }
}

}  // namespace landwaiter::jobs
