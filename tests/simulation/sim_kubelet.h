#ifndef LANDWAITER_TESTS_SIMULATION_SIM_KUBELET_H_
#define LANDWAITER_TESTS_SIMULATION_SIM_KUBELET_H_

#include <functional>
#include <set>
#include <string>

#include "operator/kube/fake/fake_kube_client.h"
#include "tests/simulation/faults.h"
#include "tests/simulation/scheduler.h"

namespace landwaiter::simulation {

// The Job controller and the kubelet: runs a pod for each Job that is not
// suspended, sometimes two (as Kubernetes does), and writes how it ended. A
// Job that is deleted takes its pods with it.
class SimKubelet {
 public:
  // `run_pod` is the scan component's process.
  SimKubelet(Scheduler& scheduler, FaultBudget& budget,
             kube::FakeKubeClient& kube, std::string ns,
             std::function<void()> run_pod)
      : scheduler_(scheduler),
        budget_(budget),
        kube_(kube),
        ns_(std::move(ns)),
        run_pod_(std::move(run_pod)) {}

  // An actor's body; never returns.
  void Run();
  int pods_started() const { return pods_started_; }

 private:
  void Start(const kube::Json& job);
  void Finish(const kube::ObjectKey& job, bool succeeded,
              const std::string& message);

  Scheduler& scheduler_;
  FaultBudget& budget_;
  kube::FakeKubeClient& kube_;
  const std::string ns_;
  const std::function<void()> run_pod_;
  std::set<std::string> started_;  // uids of Jobs
  int pods_started_ = 0;
};

}  // namespace landwaiter::simulation

#endif  // LANDWAITER_TESTS_SIMULATION_SIM_KUBELET_H_
