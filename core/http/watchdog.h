#ifndef LANDWAITER_CORE_HTTP_WATCHDOG_H_
#define LANDWAITER_CORE_HTTP_WATCHDOG_H_

#include <cstdint>
#include <functional>
#include <map>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace landwaiter::http {

// Ends what takes too long: cpp-httplib bounds each read, not a request as a
// whole. One thread, started with the first deadline. Thread-safe.
class Watchdog {
 public:
  Watchdog() = default;
  ~Watchdog();

  // Runs `expire` once, on the watchdog's thread, if the guard still lives
  // after `deadline`. `expire` must not block.
  class Guard {
   public:
    Guard(Watchdog& watchdog, absl::Duration deadline,
          std::function<void()> expire);
    ~Guard();
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;
    // Whether `expire` ran.
    bool expired();

   private:
    Watchdog& watchdog_;
    uint64_t id_ = 0;
  };

 private:
  struct Entry {
    absl::Time deadline;
    std::function<void()> expire;
    bool expired = false;
  };
  void Run();
  absl::Time NextDeadline() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ExpireDue() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  absl::Mutex mutex_;
  absl::CondVar changed_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  uint64_t last_id_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<uint64_t, Entry> entries_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace landwaiter::http

#endif  // LANDWAITER_CORE_HTTP_WATCHDOG_H_
