#include "operator/reconcile/cluster_access.h"

#include <algorithm>
#include <string_view>

#include "core/base/failure.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"

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

}  // namespace

ClusterProbe ProbeCluster(kube::KubeClient& client,
                          const std::string& scan_namespace) {
  ClusterProbe probe;
  const absl::StatusOr<std::string> version = client.GetRaw("/version");
  if (!version.ok()) {
    probe.reachable = version.status();
    return probe;
  }
  probe.version =
      kube::StringAt(Json::parse(*version, nullptr, false), {"gitVersion"});
  for (const Permission& permission : kNeeded) {
    const absl::StatusOr<bool> allowed =
        kube::MayI(client, permission.verb, *permission.type, scan_namespace);
    if (!allowed.ok()) {
      probe.reachable = base::WithContext(
          allowed.status(), "asking for the operator's permissions");
      return probe;
    }
    if (!*allowed)
      probe.missing.push_back(Describe(permission, scan_namespace));
  }
  probe.nodes = CountNodes(client);
  return probe;
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
