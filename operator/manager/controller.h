#ifndef LANDWAITER_OPERATOR_MANAGER_CONTROLLER_H_
#define LANDWAITER_OPERATOR_MANAGER_CONTROLLER_H_

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "core/base/clock.h"
#include "operator/kube/work_queue.h"
#include "operator/reconcile/context.h"

namespace landwaiter::manager {

// Hears what a controller does, for metrics. Thread-safe.
class ControllerObserver : public kube::WorkQueueObserver {
 public:
  enum class Outcome { kSuccess, kRequeueAfter, kError };
  virtual void OnReconcile(Outcome /*outcome*/, absl::Duration /*took*/) {}
};

// A queue of keys and the reconciler that works on them. It owns no thread: a
// program calls Run on one of its own, a test or the simulation Step.
class Controller {
 public:
  // Keys whose reconciling may hang have a lane (what they may hang on), so
  // that those of one lane wait for each other alone; "": none.
  using LaneOf = std::function<std::string(const kube::ObjectKey& key)>;
  // Does work on a lane later; one lane's in order, one after the other.
  using Dispatch =
      std::function<void(const std::string& lane, std::function<void()> work)>;

  // All outlive it; `observer` may be null. Without `lane_of` no key has one.
  Controller(std::string name, reconcile::Reconciler* reconciler,
             base::Clock* clock, ControllerObserver* observer,
             LaneOf lane_of = nullptr);

  const std::string& name() const { return name_; }
  kube::WorkQueue& queue() { return queue_; }

  // Reconciles one key that is due; false if there is none.
  bool Step();
  // Until the queue is shut down. `dispatch` may still have work then, and must
  // have none when the controller goes.
  void Run(const Dispatch& dispatch);

 private:
  void Process(const kube::ObjectKey& key);

  const std::string name_;
  reconcile::Reconciler* const reconciler_;
  base::Clock* const clock_;
  ControllerObserver* const observer_;
  const LaneOf lane_of_;
  kube::WorkQueue queue_;
};

}  // namespace landwaiter::manager

#endif  // LANDWAITER_OPERATOR_MANAGER_CONTROLLER_H_
