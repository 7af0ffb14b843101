#ifndef LANDWAITER_ANALYZER_QUEUE_CHANGE_FEED_H_
#define LANDWAITER_ANALYZER_QUEUE_CHANGE_FEED_H_

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/model/task.h"

namespace landwaiter::analyzer::queue {

// Is told of what changed, after the change is committed. Must not call back
// into the queue. Called from several threads.
class ChangeObserver {
 public:
  virtual ~ChangeObserver() = default;
  virtual void OnChange(const model::Change& change) = 0;
};

// Hands changes on to any number of subscribers. A change that a subscriber
// has not taken yet is not queued again; one with more than kMaxPending of
// them is told to read everything again instead, so memory is bounded.
// Thread-safe; outlives its subscriptions.
class ChangeFeed : public ChangeObserver {
 public:
  static constexpr size_t kMaxPending = 1000;

  class Subscription {
   public:
    ~Subscription();
    // Waits for a change until `timeout`; nullopt if there was none. The first
    // one is "read everything again".
    std::optional<model::Change> Next(absl::Duration timeout);

   private:
    friend class ChangeFeed;
    explicit Subscription(ChangeFeed& feed) : feed_(feed) {}
    ChangeFeed& feed_;
  };

  std::unique_ptr<Subscription> Subscribe();
  void OnChange(const model::Change& change) override;

 private:
  absl::Mutex mutex_;
  absl::CondVar changed_;
  std::map<const Subscription*, std::set<model::Change>> pending_
      ABSL_GUARDED_BY(mutex_);
};

// Of kind kWork with an empty uid.
model::Change EverythingChanged();

}  // namespace landwaiter::analyzer::queue

#endif  // LANDWAITER_ANALYZER_QUEUE_CHANGE_FEED_H_
