#ifndef LANDWAITER_OPERATOR_KUBE_LEADER_RUNNER_H_
#define LANDWAITER_OPERATOR_KUBE_LEADER_RUNNER_H_

#include <functional>
#include <stop_token>
#include <thread>

#include "core/base/clock.h"
#include "operator/kube/leader_election.h"

namespace landwaiter::kube {

// A thread that stands for election from construction until it is stopped, or
// until it has led and lost: the program should then exit, since what it has
// under way was begun as leader. Releases the lease at its end.
class LeaderRunner {
 public:
  struct Callbacks {
    std::function<void()> on_started_leading;
    // After on_started_leading, once: by loss of the lease, or by Stop.
    std::function<void()> on_stopped_leading;
  };
  // Both outlive the runner. Callbacks run on the runner's thread and should
  // return soon: while they run, nothing renews the lease.
  LeaderRunner(LeaderElector* elector, base::Clock* clock, Callbacks callbacks);
  ~LeaderRunner();  // stops

  // Stops leading, releases the lease and waits for the thread.
  void Stop();

 private:
  void Run(const std::stop_token& stop);
  // Steps, and waits until the next is due or leadership has run out.
  void StepAndWait(const std::stop_token& stop);

  LeaderElector* const elector_;
  base::Clock* const clock_;
  const Callbacks callbacks_;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace landwaiter::kube

#endif  // LANDWAITER_OPERATOR_KUBE_LEADER_RUNNER_H_
