#ifndef LANDWAITER_OPERATOR_MANAGER_OPERATOR_H_
#define LANDWAITER_OPERATOR_MANAGER_OPERATOR_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "core/model/task.h"
#include "operator/kube/informer.h"
#include "operator/manager/cluster_links.h"
#include "operator/manager/controller.h"
#include "operator/manager/informer_cache.h"
#include "operator/manager/work_board.h"
#include "operator/reconcile/advisory_database.h"
#include "operator/reconcile/context.h"
#include "operator/reconcile/image_registry.h"
#include "operator/reconcile/registry_account.h"
#include "operator/reconcile/repository_cluster.h"
#include "operator/reconcile/scan_pods.h"
#include "operator/reconcile/scan_policy.h"
#include "operator/reconcile/scan_task.h"

namespace landwaiter::manager {

struct OperatorOptions {
  kube::KubeClient* kube = nullptr;
  control::ControlClient* analyzer = nullptr;
  // Null: AdvisoryDatabases are left alone.
  control::AdvisoryClient* advisories = nullptr;
  // The release's, where the AdvisoryDatabase is.
  std::string own_namespace;
  base::Clock* clock = nullptr;
  base::Failpoints* failpoints = nullptr;
  kube::EventRecorder* events = nullptr;
  reconcile::Settings settings;
  std::vector<std::string> namespaces;  // whose custom resources count
  std::function<std::string()> analyzer_ca;
  RemoteOptions remote;
  // Null: clusters of type Connector cannot be used.
  reconcile::ConnectorEnrolments* enrolments = nullptr;
  // Metrics of a controller by its name; may be empty, may return null.
  std::function<ControllerObserver*(std::string_view controller)> observer;
  uint64_t seed = 0;  // of the informers' jitter
};

// The operator as a whole, without threads, sockets or a clock of its own:
// informers that someone drives (an InformerRunner each, or a SteppedInformer),
// controllers that someone runs, and the analyzer's changes that someone passes
// on. Controllers must not be run before HasSynced().
class Operator {
 public:
  // What the options point to outlives the operator.
  explicit Operator(OperatorOptions options);
  ~Operator();

  std::vector<kube::Informer*> informers() { return cache_.informers(); }
  std::vector<Controller*> controllers();
  bool HasSynced() const { return cache_.HasSynced(); }

  // Something that control::ControlClient::WatchChanges told. Thread-safe.
  void OnChange(const model::Change& change);
  // The remote cluster (by uid) may have come back: it is asked now.
  // Thread-safe.
  void ProbeCluster(const std::string& uid);
  // Custom resources by kind and phase, as the cache has them. Thread-safe.
  std::map<std::string, std::map<std::string, int64_t>> CountPhases() const;
  // After the last: no more keys are handed out, and the links to other
  // clusters end. Thread-safe.
  void ShutDown();

 private:
  Controller& AddController(std::string name, reconcile::Reconciler* reconciler,
                            Controller::LaneOf lane_of = nullptr);
  void AddInformers();
  void AddNotImplemented(const kube::ResourceType& type, std::string what);
  void WatchType(const kube::ResourceType& type, kube::EventHandler handler);
  void WatchScanType(const kube::ResourceType& type,
                     std::function<void(const kube::Json&)> on_change);

  void OnCluster(const kube::Json& cluster);
  void OnClusterLink(const kube::ObjectKey& key);
  void OnRegistry(const kube::Json& registry);
  void OnPolicy(const kube::Json& policy);
  void OnTask(const kube::Json& task);
  void OnSecret(const kube::Json& secret);
  void OnScanObject(const kube::Json& object);
  void WakeAccounts(
      const std::string& ns,
      absl::FunctionRef<bool(const api::ImageRegistry&)> is_of_interest);
  void WakeUnresolvedTasks(const std::string& ns);
  void WakeAll();

  OperatorOptions options_;
  InformerCache cache_;
  AnalyzerWorkBoard board_;
  ClusterLinks links_;
  reconcile::Context context_;
  reconcile::RepositoryClusterReconciler clusters_;
  reconcile::ImageRegistryReconciler registries_;
  reconcile::RegistryAccountReconciler accounts_;
  reconcile::ScanPodsReconciler pods_;
  reconcile::ScanPolicyReconciler policies_;
  reconcile::ScanTaskReconciler tasks_;
  reconcile::AdvisoryDatabaseReconciler advisories_;
  std::vector<std::unique_ptr<reconcile::Reconciler>> not_implemented_;
  std::vector<std::unique_ptr<Controller>> controllers_;
  Controller* cluster_controller_ = nullptr;
  Controller* registry_controller_ = nullptr;
  Controller* account_controller_ = nullptr;
  Controller* pods_controller_ = nullptr;
  Controller* policy_controller_ = nullptr;
  Controller* task_controller_ = nullptr;
  Controller* work_controller_ = nullptr;
};

}  // namespace landwaiter::manager

#endif  // LANDWAITER_OPERATOR_MANAGER_OPERATOR_H_
