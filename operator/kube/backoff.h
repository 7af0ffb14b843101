#ifndef LANDWAITER_OPERATOR_KUBE_BACKOFF_H_
#define LANDWAITER_OPERATOR_KUBE_BACKOFF_H_

#include <cstdint>
#include <random>

#include "absl/time/time.h"

namespace landwaiter::kube {

// How long to wait after the nth failure in a row: the first delay, doubled
// each time up to the greatest, each stretched by a random factor in [1, 2) so
// that many clients of one server do not come back together. Starts over when
// it was not asked for `reset`. The defaults are those of client-go's
// reflector. Not thread-safe.
class Backoff {
 public:
  struct Options {
    absl::Duration first = absl::Milliseconds(800);
    absl::Duration greatest = absl::Seconds(30);
    absl::Duration reset = absl::Minutes(2);
  };
  Backoff(Options options, uint64_t seed);

  absl::Duration Next(absl::Time now);

 private:
  Options options_;
  std::mt19937_64 random_;
  absl::Duration next_;
  absl::Time asked_ = absl::InfinitePast();
};

}  // namespace landwaiter::kube

#endif  // LANDWAITER_OPERATOR_KUBE_BACKOFF_H_
