#include "operator/manager/work_board.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/base/failure.h"

namespace landwaiter::manager {
namespace {

constexpr absl::Duration kMinInterval = absl::Milliseconds(500);
constexpr absl::Duration kAskAgain = absl::Seconds(30);

}  // namespace

AnalyzerWorkBoard::AnalyzerWorkBoard(control::ControlClient* analyzer,
                                     base::Clock* clock, OnWork on_work)
    : analyzer_(analyzer), clock_(clock), on_work_(std::move(on_work)) {}

model::RegistryWork AnalyzerWorkBoard::Get(
    const model::Tenant& tenant, const std::string& registry_uid) const {
  absl::MutexLock lock(&mutex_);
  const auto it = board_.find({tenant, registry_uid});
  return it == board_.end() ? model::RegistryWork() : it->second;
}

absl::StatusOr<absl::Time> AnalyzerWorkBoard::Reconcile(
    const kube::ObjectKey&) {
  const absl::Time now = clock_->Now();
  {
    absl::MutexLock lock(&mutex_);
    if (now < asked_ + kMinInterval) return asked_ + kMinInterval;
    asked_ = now;
  }
  LANDWAITER_ASSIGN_OR_RETURN(std::vector<model::RegistryWork> work,
                              analyzer_->ListWork());
  Board board;
  absl::Time again = work.empty() ? absl::InfiniteFuture() : now + kAskAgain;
  for (model::RegistryWork& entry : work) {
    if (entry.ready == 0 && entry.next_available > now) {
      again = std::min(again, entry.next_available);
    }
    board[{entry.tenant, entry.registry_uid}] = std::move(entry);
  }
  std::set<std::pair<model::Tenant, std::string>> touched;
  {
    absl::MutexLock lock(&mutex_);
    for (const auto& [key, entry] : board_) touched.insert(key);
    for (const auto& [key, entry] : board) touched.insert(key);
    board_ = std::move(board);
  }
  for (const auto& [tenant, uid] : touched) on_work_(tenant, uid);
  return again;
}

}  // namespace landwaiter::manager
