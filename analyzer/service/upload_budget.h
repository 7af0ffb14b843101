#ifndef LANDWAITER_ANALYZER_SERVICE_UPLOAD_BUDGET_H_
#define LANDWAITER_ANALYZER_SERVICE_UPLOAD_BUDGET_H_

#include <cstdint>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace landwaiter::analyzer::service {

// The memory that layer reports on their way in may take, all streams
// together. Thread-safe; outlives its shares.
class UploadBudget {
 public:
  explicit UploadBudget(uint64_t bytes) : left_(bytes) {}

  // A part of the budget; given back when it goes.
  class Share {
   public:
    Share(UploadBudget& budget, uint64_t bytes)
        : budget_(&budget), bytes_(bytes) {}
    Share(Share&& other) noexcept
        : budget_(std::exchange(other.budget_, nullptr)),
          bytes_(other.bytes_) {}
    Share& operator=(Share&&) = delete;
    ~Share() {
      if (budget_ != nullptr) budget_->Return(bytes_);
    }

   private:
    UploadBudget* budget_;
    uint64_t bytes_;
  };

  // nullopt when so much is not left now.
  std::optional<Share> Take(uint64_t bytes) {
    absl::MutexLock lock(&mutex_);
    if (bytes > left_) return std::nullopt;
    left_ -= bytes;
    return Share(*this, bytes);
  }

 private:
  void Return(uint64_t bytes) {
    absl::MutexLock lock(&mutex_);
    left_ += bytes;
  }

  absl::Mutex mutex_;
  uint64_t left_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace landwaiter::analyzer::service

#endif  // LANDWAITER_ANALYZER_SERVICE_UPLOAD_BUDGET_H_
