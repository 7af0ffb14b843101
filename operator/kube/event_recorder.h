#ifndef LANDWAITER_OPERATOR_KUBE_EVENT_RECORDER_H_
#define LANDWAITER_OPERATOR_KUBE_EVENT_RECORDER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/base/clock.h"
#include "operator/kube/client.h"
#include "operator/kube/token_bucket.h"

namespace landwaiter::kube {

enum class EventType { kNormal, kWarning };

// Tells people what happened to an object (`kubectl describe`). Reasons and
// actions are UpperCamelCase; the note is for people and holds no secret.
// Thread-safe, never blocks, never fails: an event is a courtesy.
class EventRecorder {
 public:
  virtual ~EventRecorder() = default;
  // `regarding` needs apiVersion, kind and metadata.
  virtual void Event(const Json& regarding, EventType type,
                     std::string_view reason, std::string_view action,
                     std::string_view note) = 0;
};

// Records events.k8s.io/v1 Events through a client. What is the same (object,
// type, reason, action and note) within 6 minutes becomes one Event whose
// series counts it, written at most once a minute; an object may cause 25
// events at once and then one in 5 minutes; what is past that, or past 1,000
// series, is dropped. A server that cannot be reached is tried 12 times.
//
// Event() only notes; Flush() sends, on its owner's thread or in Run().
class QueuedEventRecorder : public EventRecorder {
 public:
  struct Options {
    std::string controller;  // "landwaiter.dev/operator"
    std::string instance;    // the pod's name
  };
  // Both outlive the recorder.
  QueuedEventRecorder(KubeClient* client, base::Clock* clock, Options options);

  void Event(const Json& regarding, EventType type, std::string_view reason,
             std::string_view action, std::string_view note) override;

  // Sends what is due. Returns when to call again: InfiniteFuture if nothing
  // waits (until the next Event).
  absl::Time Flush();
  // Flushes as events come, until the stop; then once more.
  void Run(std::stop_token stop);

  int64_t dropped() const;

 private:
  // What makes two events the same.
  struct SeriesKey {
    std::string uid;  // of the object
    std::string reason;
    std::string action;
    std::string note;
    EventType type;
    friend auto operator<=>(const SeriesKey&, const SeriesKey&) = default;
  };
  struct Series {
    std::shared_ptr<const Json> first;  // the Event as it is created
    int64_t count = 0;
    int64_t sent_count = 0;  // 0: not created yet
    absl::Time last;
    absl::Time due;
    int failures = 0;
  };

  bool Admit(const std::string& uid, absl::Time now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  ObjectPtr NewEvent(const Json& regarding, const SeriesKey& key,
                     absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::optional<std::pair<SeriesKey, Series>> NextToSend(absl::Time now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Send(const Series& series);
  void Finish(const SeriesKey& key, const Series& sent,
              const absl::Status& status, absl::Time now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ForgetOld(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Time NextDue() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  KubeClient* const client_;
  base::Clock* const clock_;
  const Options options_;
  mutable absl::Mutex mutex_;
  absl::CondVar added_ ABSL_GUARDED_BY(mutex_);
  std::map<SeriesKey, Series> series_ ABSL_GUARDED_BY(mutex_);
  struct Spam {
    TokenBucket bucket;
    absl::Time last;
  };
  std::map<std::string, Spam> spam_ ABSL_GUARDED_BY(mutex_);  // by uid
  int64_t sequence_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t dropped_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace landwaiter::kube

#endif  // LANDWAITER_OPERATOR_KUBE_EVENT_RECORDER_H_
