#ifndef LANDWAITER_TESTS_SIMULATION_FAULTS_H_
#define LANDWAITER_TESTS_SIMULATION_FAULTS_H_

#include <set>
#include <string>
#include <string_view>

#include "core/base/clock.h"
#include "core/base/failpoint.h"
#include "tests/simulation/scheduler.h"

namespace landwaiter::simulation {

// How much may go wrong in a run. A run without faults is the calm one.
struct FaultBudget {
  int kills = 0;        // of agents and the operator, at a failpoint
  int pauses = 0;       // past a lease
  int errors = 0;       // a step that fails, a transaction that is lost
  int jumps = 0;        // of the analyzer's clock, forward
  double network = 0;   // chance that a call is lost, answered late or twice
  double registry = 0;  // chance that a registry's answer is an error
};

// Failpoints of an actor's code: may kill it, hold it past its lease, or fail
// its step.
class ActorFailpoints : public base::Failpoints {
 public:
  ActorFailpoints(Scheduler& scheduler, FaultBudget& budget,
                  std::set<std::string>& reached)
      : scheduler_(scheduler), budget_(budget), reached_(reached) {}
  absl::Status Hit(std::string_view name) override;

 private:
  Scheduler& scheduler_;
  FaultBudget& budget_;
  std::set<std::string>& reached_;
};

// Failpoints inside the analyzer's transactions: those must not wait, so the
// fault is a transaction that is rolled back (a full disk), or one that stands
// though its answer is lost (the analyzer died between).
class StoreFailpoints : public base::Failpoints {
 public:
  StoreFailpoints(Scheduler& scheduler, FaultBudget& budget,
                  std::set<std::string>& reached)
      : scheduler_(scheduler), budget_(budget), reached_(reached) {}
  absl::Status Hit(std::string_view name) override;

 private:
  Scheduler& scheduler_;
  FaultBudget& budget_;
  std::set<std::string>& reached_;
};

// The scheduler's time. `skew` lets one program's clock be another's.
class SimClock : public base::Clock {
 public:
  explicit SimClock(Scheduler& scheduler) : scheduler_(scheduler) {}
  absl::Time Now() override { return scheduler_.now() + skew; }
  bool Sleep(absl::Duration duration) override {
    scheduler_.SleepUntil(scheduler_.now() + duration);
    return true;
  }
  absl::Duration skew = absl::ZeroDuration();

 private:
  Scheduler& scheduler_;
};

}  // namespace landwaiter::simulation

#endif  // LANDWAITER_TESTS_SIMULATION_FAULTS_H_
