#ifndef LANDWAITER_OPERATOR_RECONCILE_CLUSTERS_H_
#define LANDWAITER_OPERATOR_RECONCILE_CLUSTERS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "operator/kube/object.h"

namespace landwaiter::kube {
class KubeClient;
}  // namespace landwaiter::kube

namespace landwaiter::reconcile {

class Cache;

// What was learned of a cluster by asking it.
struct ClusterProbe {
  absl::Status reachable;            // why not, if so
  std::string version;               // "v1.34.2"
  std::optional<int64_t> nodes;      // nullopt: they may not be listed
  std::vector<std::string> missing;  // "create jobs.batch in scans"
};

// How the operator reaches a repository cluster that is not its own, for as
// long as that stays the same. Thread-safe.
class ClusterLink {
 public:
  virtual ~ClusterLink() = default;

  // Its API server. UNAVAILABLE at once while the cluster is known to be away,
  // so that it holds nobody up.
  virtual kube::KubeClient& kube() = 0;
  // Its Jobs and pods, those of this RepositoryCluster alone.
  virtual const Cache& cache() const = 0;
  // nullopt until it was asked for the first time. Asking and the first lists
  // take time, so that nobody waits for them.
  virtual std::optional<ClusterProbe> probe() const = 0;
  // Whether the cache has its first lists.
  virtual bool synced() const = 0;
  // Asks for everything again, soon.
  virtual void ProbeSoon() = 0;
};

// What makes a link; another of these makes another link.
struct LinkSpec {
  std::string uid;      // of the RepositoryCluster
  kube::ObjectKey key;  // of the RepositoryCluster
  std::string type;     // "Kubeconfig" or "Connector"
  std::string scan_namespace;
  std::string kubeconfig;  // for Kubeconfig; secret
  friend bool operator==(const LinkSpec&, const LinkSpec&) = default;
};

// The links that there are, by the RepositoryCluster's uid. Thread-safe.
class Clusters {
 public:
  virtual ~Clusters() = default;

  // Makes the link, in place of one with another spec. INVALID_ARGUMENT says
  // what of the spec is refused; then there is no link. UNIMPLEMENTED where
  // this program has no links of the type.
  virtual absl::Status Link(const LinkSpec& spec) = 0;
  virtual void Unlink(const std::string& uid) = 0;
  // nullptr if there is none.
  virtual std::shared_ptr<ClusterLink> Find(const std::string& uid) const = 0;
  virtual std::vector<std::shared_ptr<ClusterLink>> All() const = 0;
};

}  // namespace landwaiter::reconcile

#endif  // LANDWAITER_OPERATOR_RECONCILE_CLUSTERS_H_
