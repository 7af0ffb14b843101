#ifndef LANDWAITER_TESTS_SIMULATION_MONITOR_H_
#define LANDWAITER_TESTS_SIMULATION_MONITOR_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "core/model/work.h"

namespace landwaiter::simulation {

// Watches what agents and the analyzer say to each other, and notes every
// broken promise.
class Monitor {
 public:
  explicit Monitor(uint32_t images_per_hour)
      : images_per_hour_(images_per_hour) {}

  // An answer to Lease, whether it arrives or not; `now` by the analyzer.
  void Granted(const model::LeaseReply& reply, absl::Time now);
  // A write that the analyzer accepted.
  void Accepted(std::string_view call, const model::LeaseRef& lease);

  const std::vector<std::string>& violations() const { return violations_; }

 private:
  const uint32_t images_per_hour_;  // 0: without limit
  std::map<std::string, model::Fence> latest_;
  std::vector<absl::Time> charges_;
  std::vector<std::string> violations_;
};

}  // namespace landwaiter::simulation

#endif  // LANDWAITER_TESTS_SIMULATION_MONITOR_H_
