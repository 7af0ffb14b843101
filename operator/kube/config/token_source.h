#ifndef LANDWAITER_OPERATOR_KUBE_CONFIG_TOKEN_SOURCE_H_
#define LANDWAITER_OPERATOR_KUBE_CONFIG_TOKEN_SOURCE_H_

#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/base/clock.h"

namespace landwaiter::kube {

// Gives the bearer token for the next request. Thread-safe.
class TokenSource {
 public:
  virtual ~TokenSource() = default;
  virtual absl::StatusOr<std::string> Token() = 0;
  // The server refused the last token: look again before the next.
  virtual void Refused() = 0;
};

class StaticToken : public TokenSource {
 public:
  explicit StaticToken(std::string token) : token_(std::move(token)) {}
  absl::StatusOr<std::string> Token() override { return token_; }
  void Refused() override {}

 private:
  const std::string token_;
};

// A token in a file that someone rotates (kubelet replaces a projected service
// account token when 80 % of its life are over). Read again when the file's
// modification time changed, when it was refused, and every minute in any case.
// While the file cannot be read the last token stays in use.
class FileToken : public TokenSource {
 public:
  // `clock` outlives it.
  FileToken(std::string path, base::Clock* clock);
  absl::StatusOr<std::string> Token() override;
  void Refused() override;

 private:
  bool IsStale(absl::Time now, int64_t modified) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string path_;
  base::Clock* const clock_;
  absl::Mutex mutex_;
  std::string token_ ABSL_GUARDED_BY(mutex_);
  int64_t modified_ ABSL_GUARDED_BY(mutex_) = 0;  // nanoseconds
  absl::Time read_at_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace landwaiter::kube

#endif  // LANDWAITER_OPERATOR_KUBE_CONFIG_TOKEN_SOURCE_H_
