#ifndef LANDWAITER_OPERATOR_MANAGER_WORK_BOARD_H_
#define LANDWAITER_OPERATOR_MANAGER_WORK_BOARD_H_

#include <functional>
#include <map>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/model/task.h"
#include "operator/reconcile/context.h"

namespace landwaiter::manager {

// What the analyzer last said about work, and the reconciler that asks it: at
// most twice a second, and while there is work every 30 s even if the analyzer
// tells of no change. Its only key is kKey.
class AnalyzerWorkBoard : public reconcile::WorkBoard,
                          public reconcile::Reconciler {
 public:
  using OnWork = std::function<void(const model::Tenant& tenant,
                                    const std::string& registry_uid)>;
  // All outlive it. `on_work` hears of every registry that has, or had, work.
  AnalyzerWorkBoard(control::ControlClient* analyzer, base::Clock* clock,
                    OnWork on_work);

  static kube::ObjectKey Key() { return {"", "work"}; }

  model::RegistryWork Get(const model::Tenant& tenant,
                          const std::string& registry_uid) const override;
  absl::StatusOr<absl::Time> Reconcile(const kube::ObjectKey& key) override;

 private:
  using Board =
      std::map<std::pair<model::Tenant, std::string>, model::RegistryWork>;

  control::ControlClient* const analyzer_;
  base::Clock* const clock_;
  const OnWork on_work_;
  mutable absl::Mutex mutex_;
  Board board_ ABSL_GUARDED_BY(mutex_);
  absl::Time asked_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace landwaiter::manager

#endif  // LANDWAITER_OPERATOR_MANAGER_WORK_BOARD_H_
