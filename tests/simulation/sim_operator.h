#ifndef LANDWAITER_TESTS_SIMULATION_SIM_OPERATOR_H_
#define LANDWAITER_TESTS_SIMULATION_SIM_OPERATOR_H_

#include <deque>
#include <memory>
#include <vector>

#include "analyzer/queue/change_feed.h"
#include "core/base/clock.h"
#include "core/base/failpoint.h"
#include "operator/analyzer/control_client.h"
#include "operator/kube/fake/fake_kube_client.h"
#include "operator/kube/fake/stepped_informer.h"
#include "operator/manager/operator.h"
#include "tests/simulation/faults.h"
#include "tests/simulation/scheduler.h"

namespace landwaiter::simulation {

inline constexpr char kUserNamespace[] = "team";
inline constexpr char kScanNamespace[] = "scans";
inline constexpr char kClusterUid[] = "cluster-uid";

class NoEvents : public kube::EventRecorder {
 public:
  void Event(const kube::Json&, kube::EventType, std::string_view,
             std::string_view, std::string_view) override {}
};

// The operator's process: killed at any step, another one takes over with
// nothing but what the API server and the analyzer hold.
class SimOperator : public analyzer::queue::ChangeObserver {
 public:
  SimOperator(Scheduler& scheduler, FaultBudget& budget,
              kube::FakeKubeClient& kube, control::ControlClient& analyzer,
              base::Clock& clock, base::Failpoints& failpoints)
      : scheduler_(scheduler),
        budget_(budget),
        kube_(kube),
        analyzer_(analyzer),
        clock_(clock),
        failpoints_(failpoints) {}

  // The body of the actor that keeps a leader running; never returns.
  void Supervise();

  // The analyzer's changes, on their way.
  void OnChange(const model::Change& change) override;

 private:
  // One leader's life.
  void Lead();
  void DisturbTheApiServer();

  Scheduler& scheduler_;
  FaultBudget& budget_;
  kube::FakeKubeClient& kube_;
  control::ControlClient& analyzer_;
  base::Clock& clock_;
  base::Failpoints& failpoints_;
  NoEvents events_;
  std::deque<model::Change> changes_;
};

}  // namespace landwaiter::simulation

#endif  // LANDWAITER_TESTS_SIMULATION_SIM_OPERATOR_H_
