#ifndef LANDWAITER_AGENT_REGISTRY_TRANSPORT_TRANSPORT_H_
#define LANDWAITER_AGENT_REGISTRY_TRANSPORT_TRANSPORT_H_

#include <map>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/random/random.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "agent/registry/connection.h"
#include "agent/registry/transport/authorization.h"
#include "agent/registry/transport/manners.h"
#include "core/base/clock.h"
#include "core/http/client.h"

namespace landwaiter::agent::registry {

// Requests to one origin (connection.http.base): authorised, retried, and for
// Stream redirected. Thread-safe.
//
// Retried, at most kAttempts times with exponential back-off and jitter or
// after Retry-After: lost connections, 429, 500, 502, 503, 504. A Retry-After
// longer than kMaxWait is not waited for: RateLimited, with base::RetryAfterOf.
// Requests take turns as connection.manners has it, and a 429 pauses all of
// them to that host.
class Transport {
 public:
  static constexpr int kAttempts = 4;
  static constexpr absl::Duration kMaxWait = Manners::kMaxWait;

  // All three must outlive it.
  Transport(const Connection& connection, Authorization& authorization,
            base::Clock& clock);

  // Any final answer with a status below 500 but 429; a 401 only if
  // `authorization` leaves it to the caller, else one that stays is
  // Unauthorized (`rejected`, if given, tells whether credentials were
  // refused). A 429 that stays is RateLimited. Redirects are answers.
  absl::StatusOr<http::Response> Send(const http::Request& request,
                                      const std::string& scope,
                                      uint64_t max_body,
                                      bool* rejected = nullptr);

  // One GET of a body, redirects followed, without retries but for one new
  // authorisation. `on_response` sees the final answer's head. Takes no turn,
  // but waits out a pause.
  absl::Status Stream(const http::Request& request, const std::string& scope,
                      http::Client::OnResponse on_response,
                      http::Client::OnData on_data);

  // Waits before attempt `attempt` + 1 (0 for the first), as long as `asked`
  // if that is positive; false if the clock was interrupted.
  bool BackOff(int attempt, absl::Duration asked = absl::ZeroDuration());

 private:
  absl::StatusOr<http::Client*> ClientFor(const http::Url& url);
  absl::StatusOr<http::Response> SendOnce(const http::Request& request,
                                          const std::string& scope,
                                          uint64_t max_body, bool* rejected);
  absl::Duration DelayOf(int attempt);

  const Connection& connection_;
  base::Clock& clock_;
  Authorization& authorization_;
  const std::shared_ptr<Manners> manners_;
  absl::Mutex mutex_;
  absl::BitGen random_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::unique_ptr<http::Client>> clients_
      ABSL_GUARDED_BY(mutex_);  // by origin
};

// The connection's manners, or new ones with the default limits.
std::shared_ptr<Manners> MannersOf(const Connection& connection,
                                   base::Clock& clock);

// The registry's options for a connection to the origin of `url`, which the
// registry or its vendor named: what is the registry's own (a forwarder, a
// client certificate, the name to verify) goes nowhere else, not even to
// another port of its host.
http::ClientOptions OptionsForOrigin(const http::ClientOptions& registry,
                                     const http::Url& url);

// Retry-After of an answer: seconds or an HTTP date; zero if there is none or
// it cannot be read.
absl::Duration ReadRetryAfter(const http::Headers& headers, absl::Time now);

}  // namespace landwaiter::agent::registry

#endif  // LANDWAITER_AGENT_REGISTRY_TRANSPORT_TRANSPORT_H_
