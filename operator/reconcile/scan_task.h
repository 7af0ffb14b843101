#ifndef LANDWAITER_OPERATOR_RECONCILE_SCAN_TASK_H_
#define LANDWAITER_OPERATOR_RECONCILE_SCAN_TASK_H_

#include <string>

#include "core/model/task.h"
#include "operator/api/scan_task.h"
#include "operator/reconcile/context.h"
#include "operator/reconcile/status_writer.h"
#include "operator/reconcile/task_resolution.h"

namespace landwaiter::reconcile {

// The whole status of a task that the analyzer runs or has run. `waiting_for`
// says what keeps it from going on, if something does.
kube::Json MirroredStatus(const kube::Json& object,
                          const model::TaskStatus& status,
                          const std::string& waiting_for, absl::Time now);
// Of a task that waits for what it refers to.
kube::Json UnresolvedStatus(const kube::Json& object,
                            const ResolvedTask& resolved, absl::Time now);
// Of a task that the analyzer could not be told of yet.
kube::Json WaitingStatus(const kube::Json& object, const absl::Status& error,
                         absl::Time now);
// Of a task that ended without the analyzer: refused, cancelled or timed out
// before it was begun.
kube::Json EndedStatus(const kube::Json& object, model::TaskPhase phase,
                       std::string_view reason, const std::string& message,
                       absl::Time now);

// Runs a ScanTask: resolves what it is about, hands it to the analyzer, mirrors
// how far it is, cancels it, and deletes it when its time is up. A task always
// ends; once its status says so it never changes again.
class ScanTaskReconciler : public Reconciler {
 public:
  explicit ScanTaskReconciler(const Context* context);
  absl::StatusOr<absl::Time> Reconcile(const kube::ObjectKey& key) override;

 private:
  absl::StatusOr<absl::Time> ReconcileEnded(const kube::Json& object,
                                            const api::ScanTask& task);
  absl::StatusOr<absl::Time> ReconcileLive(const kube::Json& object,
                                           const api::ScanTask& task);
  absl::StatusOr<absl::Time> Begin(const kube::Json& object,
                                   const api::ScanTask& task);
  absl::StatusOr<model::TaskStatus> HandOver(const api::ScanTask& task,
                                             const ResolvedTask& resolved);
  absl::StatusOr<absl::Time> Mirror(const kube::Json& object,
                                    const api::ScanTask& task,
                                    const model::TaskStatus& status);
  absl::Status CleanUp(const kube::Json& object);
  // Which of its registries cannot be used now.
  std::string WaitingFor(const ResolvedTask& resolved);

  const Context& context_;
  StatusWriter writer_;
};

}  // namespace landwaiter::reconcile

#endif  // LANDWAITER_OPERATOR_RECONCILE_SCAN_TASK_H_
