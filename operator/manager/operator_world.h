#ifndef LANDWAITER_OPERATOR_MANAGER_OPERATOR_WORLD_H_
#define LANDWAITER_OPERATOR_MANAGER_OPERATOR_WORLD_H_

#include <memory>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/failpoint.h"
#include "nlohmann/json.hpp"
#include "operator/analyzer/fake_control_client.h"
#include "operator/kube/fake/fake_kube_client.h"
#include "operator/kube/fake/stepped_informer.h"
#include "operator/manager/operator.h"

namespace landwaiter::manager {

// Keeps events as "Reason: note".
class RecordedEvents : public kube::EventRecorder {
 public:
  void Event(const kube::Json&, kube::EventType, std::string_view reason,
             std::string_view, std::string_view note) override;
  bool Has(std::string_view reason) const;
  std::vector<std::string> events;
};

// The whole operator against an API server in memory and an analyzer that the
// test plays, on a clock that the test moves: no thread, no waiting. The test
// plays the Job controller and the kubelet, too.
class OperatorWorld {
 public:
  OperatorWorld();

  // Runs informers and controllers until nothing is left to do now.
  void Settle();
  void Advance(absl::Duration duration);
  // A new process: caches and memory are gone, the cluster is as it was.
  void Restart();

  // Objects of namespace "team", as YAML-free JSON text.
  kube::Json Create(const kube::ResourceType& type, const std::string& name,
                    const std::string& spec_json);
  void CreateSecret(const std::string& name, const std::string& password);
  // A Secret with a kubeconfig, and the cluster "far" of type Kubeconfig.
  void CreateKubeconfig(const std::string& name, const std::string& text);
  void CreateFarCluster();
  // As far as anybody knows, from now on.
  void FarIsAway(bool away);
  void FarAnswers(const absl::Status& status);  // to every call
  // A Local cluster "local", already asked and Running.
  void CreateCluster();
  // A registry "harbor" of type OCI with credentials, not yet verified.
  void CreateRegistry(const std::string& cluster = "local");
  // ... and found usable.
  void CreateConnectedRegistry();

  kube::Json Get(const kube::ResourceType& type, const std::string& name);
  bool Exists(const kube::ResourceType& type, const std::string& name);
  // Merges into the object (annotations, spec) and settles.
  void Change(const kube::ResourceType& type, const std::string& name,
              const std::string& patch_json);
  // "True Verified", or "-" if there is no such condition.
  std::string Condition(const kube::ResourceType& type, const std::string& name,
                        const std::string& condition);
  std::vector<kube::Json> Jobs(const std::string& kind);
  std::vector<kube::Json> FarJobs(const std::string& kind);
  std::vector<kube::Json> Tasks();

  // Ends a Job: its pod left this message. Then settles.
  void FinishJob(const kube::Json& job, const std::string& message,
                 bool succeeded = true);
  void FinishFarJob(const kube::Json& job, const std::string& message);

  // What the analyzer says of the only ScanTask with this name; then settles.
  void SetTask(const std::string& name, const model::TaskStatus& status);
  void SetWork(uint64_t ready, uint64_t leased,
               absl::Time next = absl::InfiniteFuture());
  void TellChange(model::Change::Kind kind, const std::string& uid);

  base::FakeClock clock;
  kube::FakeKubeClient kube{&clock};
  // The cluster that every kubeconfig but "refused" leads to.
  kube::FakeKubeClient far{&clock};
  control::FakeControlClient analyzer;
  base::NoFailpoints failpoints;
  RecordedEvents events;
  reconcile::Settings settings;

 private:
  // A link to the far cluster, and what drives it.
  struct Remote {
    RemoteCluster* cluster;
    std::vector<std::unique_ptr<kube::SteppedInformer>> informers;
  };
  RemoteOptions RemoteLinks();

  std::vector<std::shared_ptr<Remote>> remotes_;
  std::vector<std::unique_ptr<kube::SteppedInformer>> informers_;
  std::unique_ptr<Operator> operator_;  // last: ends its links
};

}  // namespace landwaiter::manager

#endif  // LANDWAITER_OPERATOR_MANAGER_OPERATOR_WORLD_H_
