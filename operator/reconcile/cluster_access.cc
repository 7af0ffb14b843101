#include "operator/reconcile/cluster_access.h"

#include <algorithm>
#include <string_view>

#include "absl/types/span.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/api/conditions.h"
#include "operator/api/names.h"
#include "operator/api/reasons.h"

namespace landwaiter::reconcile {
namespace {

using kube::Json;

struct Permission {
  std::string_view verb;
  const kube::ResourceType* type;
};

// What StartJob, DeleteJob and the informers do in a scan namespace; the
// chart's Role grants exactly this.
constexpr Permission kNeeded[] = {
    {"create", &kube::kJobs},    {"get", &kube::kJobs},
    {"list", &kube::kJobs},      {"watch", &kube::kJobs},
    {"patch", &kube::kJobs},     {"delete", &kube::kJobs},
    {"list", &kube::kPods},      {"watch", &kube::kPods},
    {"create", &kube::kSecrets},
};

// What PrepareCluster and the clean-up do beyond that.
constexpr Permission kNeededRemotely[] = {
    {"create", &kube::kNetworkPolicies},
    {"patch", &kube::kNetworkPolicies},
    {"delete", &kube::kNetworkPolicies},
};

std::string Describe(const Permission& permission, std::string_view ns) {
  const kube::ResourceType& type = *permission.type;
  return base::StrCat(permission.verb, " ", type.plural,
                      type.group.empty() ? "" : ".", type.group, " in ", ns);
}

std::optional<int64_t> CountNodes(kube::KubeClient& client) {
  const auto nodes = kube::ListAll(client, kube::kNodes, "", {});
  if (!nodes.ok()) return std::nullopt;
  return static_cast<int64_t>(nodes->items.size());
}

// Notes each that is missing; an error if the cluster does not say.
absl::Status AskFor(kube::KubeClient& client, const std::string& ns,
                    absl::Span<const Permission> needed,
                    std::vector<std::string>& missing) {
  for (const Permission& permission : needed) {
    const absl::StatusOr<bool> allowed =
        kube::MayI(client, permission.verb, *permission.type, ns);
    if (!allowed.ok()) {
      return base::WithContext(allowed.status(),
                               "asking for the operator's permissions");
    }
    if (!*allowed) missing.push_back(Describe(permission, ns));
  }
  return absl::OkStatus();
}

}  // namespace

ClusterProbe ProbeCluster(kube::KubeClient& client,
                          const std::string& scan_namespace, bool remote) {
  ClusterProbe probe;
  const absl::StatusOr<std::string> version = client.GetRaw("/version");
  if (!version.ok()) {
    probe.reachable = version.status();
    return probe;
  }
  probe.version =
      kube::StringAt(Json::parse(*version, nullptr, false), {"gitVersion"});
  probe.reachable = AskFor(client, scan_namespace, kNeeded, probe.missing);
  if (probe.reachable.ok() && remote) {
    probe.reachable =
        AskFor(client, scan_namespace, kNeededRemotely, probe.missing);
  }
  if (!probe.reachable.ok()) return probe;
  probe.nodes = CountNodes(client);
  return probe;
}

absl::StatusOr<ClusterAccess> AccessTo(const Context& context,
                                       const api::RepositoryCluster& cluster) {
  if (!cluster.IsRemote()) {
    return ClusterAccess{context.kube, context.cache, nullptr};
  }
  std::shared_ptr<ClusterLink> link = context.clusters == nullptr
                                          ? nullptr
                                          : context.clusters->Find(cluster.uid);
  if (link == nullptr || !link->synced()) {
    return absl::UnavailableError(
        base::StrCat("RepositoryCluster ", cluster.name,
                     " is not connected: what runs in it is not known"));
  }
  return ClusterAccess{&link->kube(), &link->cache(), link};
}

ClusterAccess AccessOf(const Context& context, const Json& object) {
  std::shared_ptr<ClusterLink> link =
      context.clusters == nullptr ? nullptr
                                  : context.clusters->Find(kube::LabelOf(
                                        object, api::kClusterUidLabel));
  if (link == nullptr) return {context.kube, context.cache, nullptr};
  return {&link->kube(), &link->cache(), link};
}

bool IsAway(const Context& context, const Json& object) {
  const auto cluster = api::RepositoryCluster::Parse(object);
  if (!cluster.ok() || !cluster->IsRemote()) return false;
  const absl::StatusOr<ClusterAccess> access = AccessTo(context, *cluster);
  if (!access.ok()) return true;
  const std::optional<ClusterProbe> probe = access->link->probe();
  return !probe || !probe->reachable.ok();
}

bool WasReached(const Json& cluster) {
  return kube::Find(cluster, {"status", "kubernetesVersion"}) != nullptr;
}

absl::StatusOr<std::string> ScanNamespaceOf(
    const api::RepositoryCluster& cluster, const Settings& settings) {
  const std::vector<std::string>& allowed = settings.scan_namespaces;
  if (cluster.scan_namespace.empty()) return allowed.front();
  if (std::find(allowed.begin(), allowed.end(), cluster.scan_namespace) ==
      allowed.end()) {
    return absl::PermissionDeniedError(base::StrCat(
        "spec.scanNamespace: the operator's configuration does not allow ",
        cluster.scan_namespace));
  }
  return cluster.scan_namespace;
}

absl::Status CheckPodTemplate(const api::RepositoryCluster& cluster,
                              const Settings& settings) {
  const std::string priority_class =
      kube::StringAt(*cluster.pod_template, {"priorityClassName"});
  const std::vector<std::string>& allowed = settings.priority_classes;
  if (priority_class.empty() || std::find(allowed.begin(), allowed.end(),
                                          priority_class) != allowed.end()) {
    return absl::OkStatus();
  }
  return absl::PermissionDeniedError(
      base::StrCat("spec.podTemplate.priorityClassName: the operator's "
                   "configuration does not allow ",
                   priority_class));
}

}  // namespace landwaiter::reconcile
