#ifndef LANDWAITER_OPERATOR_KUBE_WORK_QUEUE_H_
#define LANDWAITER_OPERATOR_KUBE_WORK_QUEUE_H_

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <set>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/base/clock.h"
#include "operator/kube/object.h"
#include "operator/kube/token_bucket.h"

namespace landwaiter::kube {

// Hears what happens to a queue, for metrics. Called with the queue's lock
// held: must be quick and must not call back.
class WorkQueueObserver {
 public:
  virtual ~WorkQueueObserver() = default;
  virtual void OnDepth(size_t /*depth*/) {}
  virtual void OnAdd() {}
  virtual void OnRetry() {}  // AddRateLimited
  virtual void OnGet(absl::Duration /*waited*/) {}
  virtual void OnDone(absl::Duration /*worked*/) {}
};

// The keys that need a look, as client-go's work queue has them:
//  - a key that is queued is not queued again;
//  - a key that is being processed is never handed out a second time; added
//    meanwhile, it is queued when it is Done;
//  - AddRateLimited waits the longer of the key's own back-off (doubled with
//    each failure since Forget) and of a rate shared by all keys;
//  - after ShutDown nothing is added, and Get empties the queue, then ends.
// Thread-safe. Used blocking (Get, by worker threads on a RealClock) or polled
// (Poll and NextDue, by the simulation on a clock of its own).
class WorkQueue {
 public:
  struct Options {
    absl::Duration first_delay = absl::Milliseconds(5);
    absl::Duration greatest_delay = absl::Seconds(1000);
    double retries_per_second = 10;
    double retry_burst = 100;
  };
  // `clock` and `observer` (which may be null) outlive the queue.
  WorkQueue(Options options, base::Clock* clock,
            WorkQueueObserver* observer = nullptr);

  void Add(const ObjectKey& key);
  void AddAfter(const ObjectKey& key, absl::Duration delay);
  void AddRateLimited(const ObjectKey& key);
  // Ends the key's back-off. Call when it was processed without failure.
  void Forget(const ObjectKey& key);
  // Failures since Forget.
  int Retries(const ObjectKey& key) const;

  // The next key; waits for one. nullopt after ShutDown. Every key is given
  // back with Done.
  std::optional<ObjectKey> Get();
  // The next key, nullopt if there is none now.
  std::optional<ObjectKey> Poll();
  void Done(const ObjectKey& key);

  // When the earliest delayed add falls due; InfiniteFuture without one.
  absl::Time NextDue() const;
  // Keys that Poll would hand out, without those that are delayed.
  size_t size() const;

  void ShutDown();
  bool shutting_down() const;

 private:
  void AddLocked(const ObjectKey& key) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void AddAfterLocked(const ObjectKey& key, absl::Duration delay)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Enqueue(const ObjectKey& key) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void MoveDue() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  ObjectKey TakeFirst() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ReportDepth() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  struct Queued {
    ObjectKey key;
    absl::Time since;
  };

  const Options options_;
  base::Clock* const clock_;
  WorkQueueObserver* const observer_;
  mutable absl::Mutex mutex_;
  absl::CondVar changed_ ABSL_GUARDED_BY(mutex_);
  std::deque<Queued> queue_ ABSL_GUARDED_BY(mutex_);
  // Keys that need processing: those in queue_, and those in processing_ that
  // were added again.
  std::set<ObjectKey> dirty_ ABSL_GUARDED_BY(mutex_);
  std::map<ObjectKey, absl::Time> processing_ ABSL_GUARDED_BY(mutex_);
  // Delayed adds, by key and by time; a key has one at most, the earliest.
  std::map<ObjectKey, absl::Time> due_ ABSL_GUARDED_BY(mutex_);
  std::set<std::pair<absl::Time, ObjectKey>> by_time_ ABSL_GUARDED_BY(mutex_);
  std::map<ObjectKey, int> failures_ ABSL_GUARDED_BY(mutex_);
  TokenBucket bucket_ ABSL_GUARDED_BY(mutex_);
  bool shutting_down_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace landwaiter::kube

#endif  // LANDWAITER_OPERATOR_KUBE_WORK_QUEUE_H_
