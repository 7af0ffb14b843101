#ifndef LANDWAITER_AGENT_REGISTRY_TRANSPORT_MANNERS_H_
#define LANDWAITER_AGENT_REGISTRY_TRANSPORT_MANNERS_H_

#include <map>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/base/clock.h"

namespace landwaiter::agent::registry {

// How many requests a host gets from this process: so many a second and so
// many at a time (blobs apart, which are few and long), and none at all while
// it has asked to be left alone. Shared by all that talk to a registry.
// Thread-safe.
class Manners {
 public:
  struct Limits {
    // A registry without an API of its own is asked for each tag: 100,000 of
    // them take 200 s at this rate.
    double requests_per_second = 500;
    double burst = 100;
    int concurrency = 8;
  };
  // A pause that is longer than this is not waited for.
  static constexpr absl::Duration kMaxWait = absl::Minutes(1);

  explicit Manners(base::Clock& clock);
  Manners(base::Clock& clock, Limits limits);

  // One request's turn; it ends with the object.
  class Turn {
   public:
    Turn(Manners* manners, std::string host)
        : manners_(manners), host_(std::move(host)) {}
    ~Turn();
    Turn(Turn&& other) noexcept;
    Turn& operator=(Turn&&) = delete;

   private:
    Manners* manners_;
    std::string host_;
  };
  // Waits for one. RateLimited with base::RetryAfterOf if `host` is paused for
  // longer than kMaxWait; NetworkError (cause Timeout) if the requests before
  // it do not end; CANCELLED if the clock was interrupted. Nobody may hold a
  // turn while waiting for another.
  absl::StatusOr<Turn> Take(const std::string& host);

  // Waits out a pause, for what needs no turn. Errors as Take.
  absl::Status AwaitPause(const std::string& host);

  // `host` asked to be left alone for so long.
  void Pause(const std::string& host, absl::Duration duration);

 private:
  struct Host {
    absl::Time paused_until = absl::InfinitePast();
    double tokens = 0;
    absl::Time refilled = absl::InfinitePast();
    int running = 0;
  };
  Host& At(const std::string& host) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // How long until the next request may start; takes it if that is now.
  absl::Duration Claim(const std::string& host);
  absl::Status Join(const std::string& host);
  void Leave(const std::string& host);

  base::Clock& clock_;
  const Limits limits_;
  absl::Mutex mutex_;
  absl::CondVar left_;
  std::map<std::string, Host> hosts_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace landwaiter::agent::registry

#endif  // LANDWAITER_AGENT_REGISTRY_TRANSPORT_MANNERS_H_
