#ifndef LANDWAITER_AGENT_REGISTRY_OCI_TRANSPORT_H_
#define LANDWAITER_AGENT_REGISTRY_OCI_TRANSPORT_H_

#include <map>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/random/random.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "agent/registry/connection.h"
#include "agent/registry/oci/authorizer.h"
#include "core/base/clock.h"
#include "core/http/client.h"

namespace landwaiter::agent::registry::oci {

// Requests to one registry: authorised, redirected, retried. Thread-safe.
//
// Retried, at most kAttempts times with exponential back-off and jitter or
// after Retry-After: lost connections, 429, 500, 502, 503, 504. A Retry-After
// longer than kMaxWait is not waited for: RateLimited, with base::RetryAfterOf.
class Transport {
 public:
  static constexpr int kAttempts = 4;
  static constexpr absl::Duration kMaxWait = absl::Minutes(1);

  Transport(const Connection& connection, base::Clock& clock);

  // Any final answer with a status below 500 but 401 and 429; a 401 that
  // stays is Unauthorized (`rejected`, if given, tells whether credentials
  // were refused), a 429 that stays RateLimited.
  absl::StatusOr<http::Response> Send(const http::Request& request,
                                      const std::string& scope,
                                      uint64_t max_body,
                                      bool* rejected = nullptr);

  // One GET of a body, redirects followed, without retries but for one new
  // authorisation. `on_response` sees the final answer's head.
  absl::Status Stream(const http::Request& request, const std::string& scope,
                      http::Client::OnResponse on_response,
                      http::Client::OnData on_data);

  // Waits before attempt `attempt` + 1 (0 for the first); false if the clock
  // was interrupted.
  bool BackOff(int attempt);

 private:
  absl::StatusOr<http::Client*> ClientFor(const http::Url& url);
  absl::StatusOr<http::Response> SendOnce(const http::Request& request,
                                          const std::string& scope,
                                          uint64_t max_body, bool* rejected);

  const Connection& connection_;
  base::Clock& clock_;
  Authorizer authorizer_;
  absl::Mutex mutex_;
  absl::BitGen random_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::unique_ptr<http::Client>> clients_
      ABSL_GUARDED_BY(mutex_);  // by origin
};

// Retry-After of an answer: seconds or an HTTP date; zero if there is none or
// it cannot be read.
absl::Duration ReadRetryAfter(const http::Headers& headers, absl::Time now);

}  // namespace landwaiter::agent::registry::oci

#endif  // LANDWAITER_AGENT_REGISTRY_OCI_TRANSPORT_H_
