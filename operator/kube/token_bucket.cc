#include "operator/kube/token_bucket.h"

#include <algorithm>

namespace landwaiter::kube {

TokenBucket::TokenBucket(double rate, double burst)
    : rate_(rate), burst_(burst), tokens_(burst) {}

void TokenBucket::Refill(absl::Time now) {
  // A clock that steps back gives nothing and takes nothing.
  if (updated_ != absl::InfinitePast() && now > updated_) {
    double gained = absl::ToDoubleSeconds(now - updated_) * rate_;
    tokens_ = std::min(burst_, tokens_ + gained);
  }
  updated_ = now;
}

absl::Duration TokenBucket::Take(absl::Time now) {
  Refill(now);
  tokens_ -= 1;
  if (tokens_ >= 0) return absl::ZeroDuration();
  return absl::Seconds(-tokens_ / rate_);
}

bool TokenBucket::TryTake(absl::Time now) {
  Refill(now);
  if (tokens_ < 1) return false;
  tokens_ -= 1;
  return true;
}

}  // namespace landwaiter::kube
