#ifndef LANDWAITER_ANALYZER_QUEUE_AVAILABILITY_H_
#define LANDWAITER_ANALYZER_QUEUE_AVAILABILITY_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "analyzer/queue/environment.h"

namespace landwaiter::analyzer::queue {

// The state of a registry's images per hour.
struct Budget {
  uint32_t used = 0;  // in the window that ends now
  uint64_t left = 0;
  // When there is some left; InfinitePast if there is now.
  absl::Time next = absl::InfinitePast();
};

absl::StatusOr<Budget> ReadBudget(Step& step,
                                  const store::RegistryRow& registry);

// What a registry's agents could do.
struct Availability {
  uint64_t ready = 0;   // items that could be leased now
  uint64_t leased = 0;  // items that agents hold
  // With nothing ready: when something may be; InfiniteFuture: nothing is
  // planned.
  absl::Time next = absl::InfiniteFuture();
};

absl::StatusOr<Availability> ReadAvailability(
    Step& step, const store::RegistryRow& registry);

}  // namespace landwaiter::analyzer::queue

#endif  // LANDWAITER_ANALYZER_QUEUE_AVAILABILITY_H_
