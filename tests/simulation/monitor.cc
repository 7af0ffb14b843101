#include "tests/simulation/monitor.h"

#include <algorithm>

#include "core/base/strings.h"

namespace landwaiter::simulation {

void Monitor::Granted(const model::LeaseReply& reply, absl::Time now) {
  for (const model::WorkItem& item : reply.items) {
    model::Fence& latest = latest_[item.id];
    if (!(latest < item.fence)) {
      violations_.push_back("a lease's fence is not newer than the last");
    }
    latest = item.fence;
    if (item.kind != model::WorkKind::kScanImage) continue;
    charges_.push_back(now);
    const auto in_window = std::count_if(
        charges_.begin(), charges_.end(),
        [&](absl::Time t) { return t > now - absl::Minutes(60); });
    if (images_per_hour_ != 0 && in_window > images_per_hour_) {
      violations_.push_back(base::StrCat(in_window, " images in an hour"));
    }
  }
}

void Monitor::Accepted(std::string_view call, const model::LeaseRef& lease) {
  if (lease.fence < latest_[lease.item_id]) {
    violations_.push_back(base::StrCat("a stale ", call, " was accepted"));
  }
}

}  // namespace landwaiter::simulation
