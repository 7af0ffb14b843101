#ifndef LANDWAITER_OPERATOR_KUBE_TOKEN_BUCKET_H_
#define LANDWAITER_OPERATOR_KUBE_TOKEN_BUCKET_H_

#include "absl/time/time.h"

namespace landwaiter::kube {

// A bucket that starts full with `burst` tokens and gains `rate` a second. It
// may be overdrawn: who takes a token that is not there yet waits for it, so
// that takers are served in order. Not thread-safe.
class TokenBucket {
 public:
  // REQUIRES: rate > 0, burst >= 1.
  TokenBucket(double rate, double burst);

  // Takes one token; how long its owner has to wait before acting.
  absl::Duration Take(absl::Time now);
  // Takes one token if there is one.
  bool TryTake(absl::Time now);

 private:
  void Refill(absl::Time now);

  double rate_;
  double burst_;
  double tokens_;
  absl::Time updated_ = absl::InfinitePast();
};

}  // namespace landwaiter::kube

#endif  // LANDWAITER_OPERATOR_KUBE_TOKEN_BUCKET_H_
