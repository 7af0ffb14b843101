#ifndef LANDWAITER_OPERATOR_MANAGER_CLUSTER_LINKS_H_
#define LANDWAITER_OPERATOR_MANAGER_CLUSTER_LINKS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "operator/manager/remote_cluster.h"

namespace landwaiter::manager {

// What a program does about remote clusters. Empty functions: it has none.
struct RemoteOptions {
  // A client as the spec asks for. INVALID_ARGUMENT says what of it is
  // refused, UNIMPLEMENTED that there are no links of this type. Makes no call.
  std::function<absl::StatusOr<RemoteClient>(const reconcile::LinkSpec&)>
      connect;
  // Drives the cluster's informers and its Step until what it returns goes.
  std::function<std::shared_ptr<void>(RemoteCluster*)> drive;
};

// The remote clusters that there are, each driven on its own. Thread-safe.
class ClusterLinks : public reconcile::Clusters {
 public:
  using OnChange = std::function<void(const kube::ObjectKey& cluster)>;
  using OnObject = std::function<void(const kube::Json& object)>;
  // `clock` outlives it.
  ClusterLinks(RemoteOptions options, base::Clock* clock, OnChange on_change,
               OnObject on_object, uint64_t seed);
  ~ClusterLinks() override;

  absl::Status Link(const reconcile::LinkSpec& spec) override;
  void Unlink(const std::string& uid) override;
  std::shared_ptr<reconcile::ClusterLink> Find(
      const std::string& uid) const override;
  std::vector<std::shared_ptr<reconcile::ClusterLink>> All() const override;

  // Ends all of them; later ones are refused. Without it drivers would tell an
  // owner that is going.
  void Stop();

 private:
  struct Entry {
    std::shared_ptr<RemoteCluster> cluster;
    std::shared_ptr<void> driver;
  };
  static void End(Entry entry);

  const RemoteOptions options_;
  base::Clock* const clock_;
  const OnChange on_change_;
  const OnObject on_object_;
  mutable absl::Mutex mutex_;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  uint64_t seed_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, Entry> entries_ ABSL_GUARDED_BY(mutex_);  // by uid
};

}  // namespace landwaiter::manager

#endif  // LANDWAITER_OPERATOR_MANAGER_CLUSTER_LINKS_H_
