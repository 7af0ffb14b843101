#include "agent/pipeline/lease_keeper.h"

#include <algorithm>
#include <vector>

#include "core/base/failure.h"

namespace landwaiter::agent::pipeline {

void LeaseKeeper::Add(const model::WorkItem& item) {
  absl::MutexLock lock(&mutex_);
  held_[item.id] = {{item.id, item.fence}, item.lease, false};
}

void LeaseKeeper::Remove(const std::string& item_id) {
  absl::MutexLock lock(&mutex_);
  held_.erase(item_id);
}

bool LeaseKeeper::Holds(const std::string& item_id) {
  absl::MutexLock lock(&mutex_);
  const auto found = held_.find(item_id);
  return found != held_.end() && !found->second.lost;
}

absl::Status LeaseKeeper::Beat() {
  std::vector<model::LeaseRef> leases;
  {
    absl::MutexLock lock(&mutex_);
    for (const auto& [id, held] : held_) {
      if (!held.lost) leases.push_back(held.lease);
    }
  }
  LANDWAITER_RETURN_IF_ERROR(failpoints_.Hit(base::kAgentHeartbeat));
  LANDWAITER_ASSIGN_OR_RETURN(const model::HeartbeatReply reply,
                              client_.Heartbeat(leases));
  absl::MutexLock lock(&mutex_);
  for (const std::string& id : reply.lost) {
    const auto found = held_.find(id);
    if (found != held_.end()) found->second.lost = true;
  }
  return absl::OkStatus();
}

absl::Duration LeaseKeeper::Interval() {
  absl::MutexLock lock(&mutex_);
  absl::Duration interval = absl::Seconds(20);
  for (const auto& [id, held] : held_) {
    interval = std::min(interval, held.length / 3);
  }
  return std::max(interval, absl::Seconds(1));
}

}  // namespace landwaiter::agent::pipeline
