#include "agent/registry/transport/manners.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry {
namespace {

// Longer than any request's own deadline.
constexpr absl::Duration kMaxQueue = absl::Minutes(5);

}  // namespace

Manners::Manners(base::Clock& clock) : Manners(clock, Limits()) {}

Manners::Manners(base::Clock& clock, Limits limits)
    : clock_(clock), limits_(limits) {}

Manners::Turn::~Turn() {
  if (manners_ != nullptr) manners_->Leave(host_);
}

Manners::Turn::Turn(Turn&& other) noexcept
    : manners_(std::exchange(other.manners_, nullptr)),
      host_(std::move(other.host_)) {}

Manners::Host& Manners::At(const std::string& host) {
  const auto [found, fresh] = hosts_.try_emplace(host);
  if (fresh) found->second.tokens = limits_.burst;
  return found->second;
}

absl::Duration Manners::Claim(const std::string& host) {
  absl::MutexLock lock(&mutex_);
  Host& state = At(host);
  const absl::Time now = clock_.Now();
  if (state.refilled != absl::InfinitePast()) {
    state.tokens += absl::ToDoubleSeconds(now - state.refilled) *
                    limits_.requests_per_second;
    state.tokens = std::min(state.tokens, limits_.burst);
  }
  state.refilled = now;
  if (state.tokens >= 1) {
    state.tokens -= 1;
    return absl::ZeroDuration();
  }
  return absl::Seconds((1 - state.tokens) / limits_.requests_per_second) +
         absl::Microseconds(1);
}

absl::Status Manners::Join(const std::string& host) {
  const absl::Time deadline = absl::Now() + kMaxQueue;
  absl::MutexLock lock(&mutex_);
  while (At(host).running >= limits_.concurrency) {
    if (left_.WaitWithDeadline(&mutex_, deadline)) {
      return base::Failure(base::FailureCode::kNetworkError,
                           "the registry's earlier requests do not end",
                           "Timeout");
    }
  }
  ++At(host).running;
  return absl::OkStatus();
}

void Manners::Leave(const std::string& host) {
  absl::MutexLock lock(&mutex_);
  --At(host).running;
  left_.SignalAll();
}

absl::StatusOr<Manners::Turn> Manners::Take(const std::string& host) {
  while (true) {
    LANDWAITER_RETURN_IF_ERROR(AwaitPause(host));
    const absl::Duration wait = Claim(host);
    if (wait == absl::ZeroDuration()) break;
    if (!clock_.Sleep(wait)) return absl::CancelledError("interrupted");
  }
  LANDWAITER_RETURN_IF_ERROR(Join(host));
  return Turn(this, host);
}

absl::Status Manners::AwaitPause(const std::string& host) {
  while (true) {
    absl::Duration wait;
    {
      absl::MutexLock lock(&mutex_);
      wait = At(host).paused_until - clock_.Now();
    }
    if (wait <= absl::ZeroDuration()) return absl::OkStatus();
    if (wait > kMaxWait) {
      return base::WithRetryAfter(
          base::Failure(base::FailureCode::kRateLimited,
                        base::StrCat("the registry asked to wait ",
                                     absl::FormatDuration(wait))),
          wait);
    }
    if (!clock_.Sleep(wait)) return absl::CancelledError("interrupted");
  }
}

void Manners::Pause(const std::string& host, absl::Duration duration) {
  absl::MutexLock lock(&mutex_);
  absl::Time& until = At(host).paused_until;
  until = std::max(until, clock_.Now() + duration);
}

}  // namespace landwaiter::agent::registry
