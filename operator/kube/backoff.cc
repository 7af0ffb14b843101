#include "operator/kube/backoff.h"

#include <algorithm>

namespace landwaiter::kube {

Backoff::Backoff(Options options, uint64_t seed)
    : options_(options), random_(seed), next_(options.first) {}

absl::Duration Backoff::Next(absl::Time now) {
  if (now - asked_ > options_.reset) next_ = options_.first;
  const absl::Duration base = next_;
  next_ = std::min(next_ * 2, options_.greatest);
  std::uniform_real_distribution<double> stretch(1, 2);
  const absl::Duration delay = base * stretch(random_);
  // The time waited is not health: count from its end.
  asked_ = now + delay;
  return delay;
}

}  // namespace landwaiter::kube
