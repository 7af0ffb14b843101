#ifndef LANDWAITER_OPERATOR_RECONCILE_SCAN_POLICY_H_
#define LANDWAITER_OPERATOR_RECONCILE_SCAN_POLICY_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "operator/api/scan_policy.h"
#include "operator/kube/object.h"
#include "operator/reconcile/context.h"
#include "operator/reconcile/status_writer.h"

namespace landwaiter::reconcile {

// What to do about a policy now: pure, on the rules of Kubernetes' CronJob.
struct PolicyPlan {
  std::string problem;  // a reason why the policy cannot run; empty: it can
  std::string message;
  absl::Time due = absl::InfinitePast();     // the scan to start now, if any
  absl::Time missed = absl::InfinitePast();  // one that is too late to start
  bool waits = false;                        // due, but another still runs
  std::vector<kube::ObjectPtr> cancel;       // running tasks that are replaced
  // Beyond historyLimit, or past retention; never the newest that ended.
  std::vector<kube::ObjectPtr> remove;
  absl::Time next = absl::InfiniteFuture();  // the next scheduled time
  absl::Time expiry =
      absl::InfiniteFuture();  // when the next is past retention
};

// `tasks` are the ScanTasks that the policy made; `last_schedule` is
// status.lastScheduleTime, InfinitePast if there is none. Of several times that
// passed unseen only the newest counts.
PolicyPlan PlanPolicy(const api::ScanPolicy& policy, absl::Time last_schedule,
                      const std::vector<kube::ObjectPtr>& tasks,
                      absl::Time now);

// Makes ScanTasks on a policy's schedule and keeps its history short.
class ScanPolicyReconciler : public Reconciler {
 public:
  explicit ScanPolicyReconciler(const Context* context);
  absl::StatusOr<absl::Time> Reconcile(const kube::ObjectKey& key) override;

 private:
  absl::Status Act(const kube::Json& object, const api::ScanPolicy& policy,
                   const PolicyPlan& plan);

  const Context& context_;
  StatusWriter writer_;
};

}  // namespace landwaiter::reconcile

#endif  // LANDWAITER_OPERATOR_RECONCILE_SCAN_POLICY_H_
