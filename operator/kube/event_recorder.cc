#include "operator/kube/event_recorder.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"

namespace landwaiter::kube {
namespace {

constexpr absl::Duration kSeriesEnds = absl::Minutes(6);
constexpr absl::Duration kSeriesInterval = absl::Minutes(1);
constexpr absl::Duration kRetryInterval = absl::Seconds(10);
constexpr int kMaxTries = 12;
constexpr size_t kMaxSeries = 1000;
constexpr double kSpamBurst = 25;
constexpr absl::Duration kSpamRefill = absl::Minutes(5);
constexpr size_t kMaxNote = 1024;   // events.k8s.io/v1
constexpr size_t kMaxReason = 128;  // the same
constexpr size_t kMaxPrefix = 200;  // of a name, which may have 253 bytes

// At most `max` bytes, not cut within a character.
std::string Cut(std::string_view text, size_t max) {
  if (text.size() <= max) return std::string(text);
  while (max > 0 && (text[max] & 0xC0) == 0x80) --max;
  return std::string(text.substr(0, max));
}

std::string KeyText(const Json& regarding) {
  std::string uid = UidOf(regarding);
  // An object that is about to be created has no uid yet.
  return uid.empty() ? KeyOf(regarding).ToString() : uid;
}

}  // namespace

QueuedEventRecorder::QueuedEventRecorder(KubeClient* client, base::Clock* clock,
                                         Options options)
    : client_(client), clock_(clock), options_(std::move(options)) {}

void QueuedEventRecorder::Event(const Json& regarding, EventType type,
                                std::string_view reason,
                                std::string_view action,
                                std::string_view note) {
  SeriesKey key{KeyText(regarding), Cut(reason, kMaxReason),
                Cut(action, kMaxReason), Cut(note, kMaxNote), type};
  absl::MutexLock lock(&mutex_);
  const absl::Time now = clock_->Now();
  ForgetOld(now);
  auto found = series_.find(key);
  if (!Admit(key.uid, now) ||
      (found == series_.end() && series_.size() >= kMaxSeries)) {
    ++dropped_;
    return;
  }
  if (found == series_.end()) {
    ObjectPtr event = NewEvent(regarding, key, now);
    found = series_.emplace(std::move(key), Series{.first = event, .due = now})
                .first;
  } else if (found->second.count == found->second.sent_count) {
    found->second.due = found->second.last + kSeriesInterval;
  }
  ++found->second.count;
  found->second.last = now;
  added_.Signal();
}

bool QueuedEventRecorder::Admit(const std::string& uid, absl::Time now) {
  auto [entry, added] = spam_.try_emplace(
      uid, Spam{TokenBucket(1 / absl::ToDoubleSeconds(kSpamRefill), kSpamBurst),
                now});
  entry->second.last = now;
  return entry->second.bucket.TryTake(now);
}

ObjectPtr QueuedEventRecorder::NewEvent(const Json& regarding,
                                        const SeriesKey& key, absl::Time now) {
  std::string ns = NamespaceOf(regarding);
  const std::string event_ns = ns.empty() ? "default" : ns;
  Json reference = {{"apiVersion", StringAt(regarding, {"apiVersion"})},
                    {"kind", StringAt(regarding, {"kind"})},
                    {"name", NameOf(regarding)}};
  if (!ns.empty()) reference["namespace"] = ns;
  if (!UidOf(regarding).empty()) reference["uid"] = UidOf(regarding);
  // As client-go names them; the sequence keeps apart what comes at once.
  std::string name =
      absl::StrCat(Cut(NameOf(regarding), kMaxPrefix), ".",
                   absl::Hex(absl::ToUnixNanos(now) + sequence_++));
  return std::make_shared<const Json>(
      Json{{"metadata", {{"name", std::move(name)}, {"namespace", event_ns}}},
           {"eventTime", MicroTimeText(now)},
           {"reportingController", options_.controller},
           {"reportingInstance", Cut(options_.instance, kMaxReason)},
           {"action", key.action},
           {"reason", key.reason},
           {"note", key.note},
           {"type", key.type == EventType::kNormal ? "Normal" : "Warning"},
           {"regarding", std::move(reference)}});
}

absl::Time QueuedEventRecorder::Flush() {
  while (true) {
    std::optional<std::pair<SeriesKey, Series>> next;
    {
      absl::MutexLock lock(&mutex_);
      next = NextToSend(clock_->Now());
      if (!next.has_value()) return NextDue();
    }
    absl::Status status = Send(next->second);
    absl::MutexLock lock(&mutex_);
    Finish(next->first, next->second, status, clock_->Now());
  }
}

void QueuedEventRecorder::Run(std::stop_token stop) {
  std::stop_callback wake(stop, [this] {
    absl::MutexLock lock(&mutex_);
    added_.SignalAll();
  });
  while (!stop.stop_requested()) {
    Flush();
    absl::MutexLock lock(&mutex_);
    if (stop.stop_requested()) break;
    // Asked again under the lock, so that no Event falls in between.
    const absl::Duration wait = NextDue() - clock_->Now();
    if (wait > absl::ZeroDuration()) added_.WaitWithTimeout(&mutex_, wait);
  }
  Flush();
}

std::optional<
    std::pair<QueuedEventRecorder::SeriesKey, QueuedEventRecorder::Series>>
QueuedEventRecorder::NextToSend(absl::Time now) {
  for (const auto& [key, series] : series_) {
    if (series.count > series.sent_count && series.due <= now) {
      return std::make_pair(key, series);
    }
  }
  return std::nullopt;
}

absl::Status QueuedEventRecorder::Send(const Series& series) {
  if (series.sent_count > 0) {
    Json patch = {{"series",
                   {{"count", series.count},
                    {"lastObservedTime", MicroTimeText(series.last)}}}};
    absl::Status status =
        client_->Patch(kEvents, KeyOf(*series.first), patch, {}).status();
    // The server drops events after a while: begin a new one.
    if (!absl::IsNotFound(status)) return status;
  }
  absl::Status status = client_->Create(kEvents, *series.first).status();
  // A try whose answer was lost.
  if (absl::IsAlreadyExists(status)) return absl::OkStatus();
  return status;
}

void QueuedEventRecorder::Finish(const SeriesKey& key, const Series& sent,
                                 const absl::Status& status, absl::Time now) {
  auto found = series_.find(key);
  if (found == series_.end()) return;
  Series& series = found->second;
  if (status.ok()) {
    series.failures = 0;
    // A new Event counts one; what repeated meanwhile goes with the series.
    series.sent_count = sent.sent_count == 0 ? 1 : sent.count;
    series.due = now + kSeriesInterval;
    return;
  }
  const bool retry = absl::IsUnavailable(status) ||
                     absl::IsDeadlineExceeded(status) ||
                     absl::IsResourceExhausted(status);
  if (retry && ++series.failures < kMaxTries) {
    series.due = now + kRetryInterval;
    return;
  }
  dropped_ += series.count - series.sent_count;
  series_.erase(found);
}

void QueuedEventRecorder::ForgetOld(absl::Time now) {
  std::erase_if(series_, [now](const auto& entry) {
    const Series& series = entry.second;
    return series.count == series.sent_count && now - series.last > kSeriesEnds;
  });
  // By then the bucket is full again.
  std::erase_if(spam_, [now](const auto& entry) {
    return now - entry.second.last > kSpamBurst * kSpamRefill;
  });
}

absl::Time QueuedEventRecorder::NextDue() const {
  absl::Time due = absl::InfiniteFuture();
  for (const auto& [key, series] : series_) {
    if (series.count > series.sent_count) due = std::min(due, series.due);
  }
  return due;
}

int64_t QueuedEventRecorder::dropped() const {
  absl::MutexLock lock(&mutex_);
  return dropped_;
}

}  // namespace landwaiter::kube
