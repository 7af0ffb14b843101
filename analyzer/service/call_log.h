#ifndef LANDWAITER_ANALYZER_SERVICE_CALL_LOG_H_
#define LANDWAITER_ANALYZER_SERVICE_CALL_LOG_H_

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"

namespace landwaiter::analyzer::service {

// Counts calls by method and code for the metrics, and logs those that a
// person should look at (defects, a failing store). Thread-safe.
class CallLog {
 public:
  void Record(std::string_view method, const absl::Status& status);
  // How many there were of each (method, code).
  std::map<std::pair<std::string, std::string>, uint64_t> Counts();

 private:
  absl::Mutex mutex_;
  std::map<std::pair<std::string, std::string>, uint64_t> counts_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace landwaiter::analyzer::service

#endif  // LANDWAITER_ANALYZER_SERVICE_CALL_LOG_H_
