#ifndef LANDWAITER_AGENT_REGISTRY_TRANSPORT_AUTHORIZATION_H_
#define LANDWAITER_AGENT_REGISTRY_TRANSPORT_AUTHORIZATION_H_

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "agent/registry/connection.h"
#include "core/http/client.h"

namespace landwaiter::agent::registry {

// How requests to one origin prove who sends them. What it adds to a request
// goes to that origin only: Transport takes it off at a redirect elsewhere.
// Thread-safe.
class Authorization {
 public:
  virtual ~Authorization() = default;

  // Adds what is known before asking to `request`: headers, or a signature in
  // its target. `scope` is that of token authentication
  // ("repository:team/app:pull"), empty where there is no such thing.
  virtual absl::Status Authorize(const std::string& scope,
                                 http::Request& request) = 0;

  // What a 401 means.
  enum class Answer {
    kTryAgain,  // the next Authorize has something better; asked once
    kFinal,     // the 401 is for the caller to interpret
  };
  // `sent` is the request with what Authorize added. An error is the
  // request's: Unauthorized if there is nothing more to try; `rejected` then
  // tells whether the credentials themselves were refused.
  virtual absl::StatusOr<Answer> Refused(const http::Response& response,
                                         const std::string& scope,
                                         const http::Request& sent,
                                         bool& rejected) = 0;

  // `sent`, with what Authorize added, was answered with something else.
  virtual void Passed(const http::Request& sent) { static_cast<void>(sent); }
};

// The same headers with every request, from the first on: Basic,
// PRIVATE-TOKEN, a Bearer token that does not expire. A 401 goes to the
// caller, since what it means is the API's own matter.
class FixedAuthorization : public Authorization {
 public:
  explicit FixedAuthorization(http::Headers headers)
      : headers_(std::move(headers)) {}

  absl::Status Authorize(const std::string&, http::Request& request) override {
    request.headers.insert(request.headers.end(), headers_.begin(),
                           headers_.end());
    return absl::OkStatus();
  }
  absl::StatusOr<Answer> Refused(const http::Response&, const std::string&,
                                 const http::Request&,
                                 bool& rejected) override {
    rejected = !headers_.empty();
    return Answer::kFinal;
  }

 private:
  const http::Headers headers_;
};

// The connection's account with every request, as Basic. One that is refused
// before anything was granted is remembered in the connection's refused logins:
// whoever asks after that gets a Rejection, without a request.
class BasicAuthorization : public FixedAuthorization {
 public:
  explicit BasicAuthorization(const Connection& connection);

  absl::Status Authorize(const std::string& scope,
                         http::Request& request) override;
  absl::StatusOr<Answer> Refused(const http::Response& response,
                                 const std::string& scope,
                                 const http::Request& sent,
                                 bool& rejected) override;
  void Passed(const http::Request& sent) override;

 private:
  const std::string host_;
  const std::string login_;  // empty without an account
  const std::shared_ptr<RefusedLogins> refused_;
  absl::Mutex mutex_;
  bool proved_ ABSL_GUARDED_BY(mutex_) = false;
};

// Unauthorized because the credentials themselves were refused, by which
// IsRejection knows it.
absl::Status Rejection(std::string_view message);
bool IsRejection(const absl::Status& status);

// "Authorization: Basic ..." of an account; no header for an empty one.
http::Headers BasicHeaders(const Credentials& credentials);
// The header's value; empty for an empty account.
std::string BasicLogin(const Credentials& credentials);

}  // namespace landwaiter::agent::registry

#endif  // LANDWAITER_AGENT_REGISTRY_TRANSPORT_AUTHORIZATION_H_
