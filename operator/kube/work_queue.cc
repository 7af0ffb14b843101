#include "operator/kube/work_queue.h"

#include <algorithm>
#include <utility>

namespace landwaiter::kube {

WorkQueue::WorkQueue(Options options, base::Clock* clock,
                     WorkQueueObserver* observer)
    : options_(options),
      clock_(clock),
      observer_(observer),
      bucket_(options.retries_per_second, options.retry_burst) {}

void WorkQueue::Add(const ObjectKey& key) {
  absl::MutexLock lock(&mutex_);
  AddLocked(key);
}

void WorkQueue::AddAfter(const ObjectKey& key, absl::Duration delay) {
  absl::MutexLock lock(&mutex_);
  AddAfterLocked(key, delay);
}

void WorkQueue::AddRateLimited(const ObjectKey& key) {
  absl::MutexLock lock(&mutex_);
  if (shutting_down_) return;
  // 2^30 times the first delay is past every greatest delay.
  const int failures = std::min(failures_[key]++, 30);
  const absl::Duration own = std::min(
      options_.first_delay * (int64_t{1} << failures), options_.greatest_delay);
  if (observer_ != nullptr) observer_->OnRetry();
  AddAfterLocked(key, std::max(own, bucket_.Take(clock_->Now())));
}

void WorkQueue::Forget(const ObjectKey& key) {
  absl::MutexLock lock(&mutex_);
  failures_.erase(key);
}

int WorkQueue::Retries(const ObjectKey& key) const {
  absl::MutexLock lock(&mutex_);
  auto found = failures_.find(key);
  return found == failures_.end() ? 0 : found->second;
}

void WorkQueue::AddLocked(const ObjectKey& key) {
  if (shutting_down_) return;
  if (!dirty_.insert(key).second) return;
  if (observer_ != nullptr) observer_->OnAdd();
  if (!processing_.contains(key)) Enqueue(key);
}

void WorkQueue::AddAfterLocked(const ObjectKey& key, absl::Duration delay) {
  if (shutting_down_) return;
  if (delay <= absl::ZeroDuration()) return AddLocked(key);
  const absl::Time at = clock_->Now() + delay;
  auto [entry, added] = due_.try_emplace(key, at);
  if (!added) {
    if (entry->second <= at) return;
    by_time_.erase({entry->second, key});
    entry->second = at;
  }
  by_time_.insert({at, key});
  changed_.Signal();
}

void WorkQueue::Enqueue(const ObjectKey& key) {
  queue_.push_back({key, clock_->Now()});
  ReportDepth();
  changed_.Signal();
}

void WorkQueue::MoveDue() {
  const absl::Time now = clock_->Now();
  while (!by_time_.empty() && by_time_.begin()->first <= now) {
    const ObjectKey key = by_time_.begin()->second;
    by_time_.erase(by_time_.begin());
    due_.erase(key);
    AddLocked(key);
  }
}

ObjectKey WorkQueue::TakeFirst() {
  Queued first = std::move(queue_.front());
  queue_.pop_front();
  const absl::Time now = clock_->Now();
  dirty_.erase(first.key);
  processing_[first.key] = now;
  if (observer_ != nullptr) observer_->OnGet(now - first.since);
  ReportDepth();
  return std::move(first.key);
}

std::optional<ObjectKey> WorkQueue::Get() {
  absl::MutexLock lock(&mutex_);
  while (true) {
    MoveDue();
    if (!queue_.empty()) return TakeFirst();
    if (shutting_down_) return std::nullopt;
    if (by_time_.empty()) {
      changed_.Wait(&mutex_);
    } else {
      changed_.WaitWithTimeout(&mutex_,
                               by_time_.begin()->first - clock_->Now());
    }
  }
}

std::optional<ObjectKey> WorkQueue::Poll() {
  absl::MutexLock lock(&mutex_);
  MoveDue();
  if (queue_.empty()) return std::nullopt;
  return TakeFirst();
}

void WorkQueue::Done(const ObjectKey& key) {
  absl::MutexLock lock(&mutex_);
  auto found = processing_.find(key);
  if (found == processing_.end()) return;
  if (observer_ != nullptr) observer_->OnDone(clock_->Now() - found->second);
  processing_.erase(found);
  if (dirty_.contains(key)) Enqueue(key);
}

absl::Time WorkQueue::NextDue() const {
  absl::MutexLock lock(&mutex_);
  return by_time_.empty() ? absl::InfiniteFuture() : by_time_.begin()->first;
}

size_t WorkQueue::size() const {
  absl::MutexLock lock(&mutex_);
  return queue_.size();
}

void WorkQueue::ShutDown() {
  absl::MutexLock lock(&mutex_);
  shutting_down_ = true;
  by_time_.clear();
  due_.clear();
  changed_.SignalAll();
}

bool WorkQueue::shutting_down() const {
  absl::MutexLock lock(&mutex_);
  return shutting_down_;
}

void WorkQueue::ReportDepth() {
  if (observer_ != nullptr) observer_->OnDepth(queue_.size());
}

}  // namespace landwaiter::kube
