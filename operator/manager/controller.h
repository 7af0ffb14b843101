#ifndef LANDWAITER_OPERATOR_MANAGER_CONTROLLER_H_
#define LANDWAITER_OPERATOR_MANAGER_CONTROLLER_H_

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
  // All outlive it; `observer` may be null.
  Controller(std::string name, reconcile::Reconciler* reconciler,
             base::Clock* clock, ControllerObserver* observer);

  const std::string& name() const { return name_; }
  kube::WorkQueue& queue() { return queue_; }

  // Reconciles one key that is due; false if there is none.
  bool Step();
  // Until the queue is shut down.
  void Run();

 private:
  void Process(const kube::ObjectKey& key);

  const std::string name_;
  reconcile::Reconciler* const reconciler_;
  base::Clock* const clock_;
  ControllerObserver* const observer_;
  kube::WorkQueue queue_;
};

}  // namespace landwaiter::manager

#endif  // LANDWAITER_OPERATOR_MANAGER_CONTROLLER_H_
