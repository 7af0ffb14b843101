#ifndef LANDWAITER_OPERATOR_RUN_LANES_H_
#define LANDWAITER_OPERATOR_RUN_LANES_H_

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace landwaiter::run {

// Work on lanes that do not wait for each other: each lane's work is done one
// after the other, in order, on a thread that is there while the lane has some.
// Thread-safe.
class Lanes {
 public:
  Lanes() = default;
  // Waits for the work that is left.
  ~Lanes();
  Lanes(const Lanes&) = delete;
  Lanes& operator=(const Lanes&) = delete;

  // `work` must not call back.
  void Do(const std::string& lane, std::function<void()> work);

 private:
  struct Lane {
    std::deque<std::function<void()>> work;
    bool running = false;
    std::thread thread;  // ended, or about to, when not running
  };
  void Run(Lane* lane);
  bool AnyRunning() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void JoinEnded() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  absl::Mutex mutex_;
  absl::CondVar ended_;  // a lane has no work left
  std::map<std::string, Lane> lanes_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace landwaiter::run

#endif  // LANDWAITER_OPERATOR_RUN_LANES_H_
