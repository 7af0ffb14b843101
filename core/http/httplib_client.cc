#include <httplib.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/http/client.h"
#include "core/http/connector.h"
#include "core/http/tls.h"
#include "core/http/watchdog.h"

namespace landwaiter::http {
namespace {

constexpr size_t kMaxIdle = 8;
constexpr size_t kMaxHeaders = 256;

absl::Status ConnectFailure(std::string_view cause, std::string_view message) {
  return base::Failure(base::FailureCode::kNetworkConnectError, message, cause);
}

absl::Status Stopped() {
  return absl::CancelledError("the client was stopped");
}

// One request on its way: what its callbacks leave behind.
struct Exchange {
  bool sent = false;  // some of the request may have gone out
  bool response_began = false;
  absl::Status stopped;  // by a callback
  absl::Time last_byte;
  std::string alert;      // TLS: the other side's last word
  bool shut_out = false;  // right after TLS's handshake, which it ended
};

class HttplibClient : public Client {
 public:
  explicit HttplibClient(std::unique_ptr<Connector> connector)
      : connector_(std::move(connector)), options_(connector_->options()) {}

  absl::StatusOr<Response> Send(const Request& request, uint64_t max_body,
                                absl::Duration deadline) override {
    Response response;
    const auto on_response = [&](const Response& head) {
      response.status = head.status;
      response.headers = head.headers;
      return absl::OkStatus();
    };
    const auto on_data = [&](std::string_view data) -> absl::Status {
      if (response.body.size() + data.size() > max_body) {
        return base::Failure(
            base::FailureCode::kLimitExceeded,
            base::StrCat("the answer has more than ", max_body, " bytes"),
            "responseSize");
      }
      response.body.append(data);
      return absl::OkStatus();
    };
    LANDWAITER_RETURN_IF_ERROR(Stream(request, on_response, on_data, deadline));
    return response;
  }

  absl::Status Stream(const Request& request, OnResponse on_response,
                      OnData on_data, absl::Duration deadline) override {
    if (stopped_) return Stopped();
    const absl::Time end = absl::Now() + deadline;
    LANDWAITER_ASSIGN_OR_RETURN(Connection connection, Acquire(deadline));
    Exchange exchange;
    absl::Status status =
        Perform(connection, request, on_response, on_data, end, exchange);
    // The server may have closed an idle connection, perhaps just now; on a
    // new one the request is sent for the first time.
    if (!status.ok() && (connection.reused || exchange.shut_out) &&
        !exchange.response_began && exchange.stopped.ok() && !stopped_ &&
        (IsIdempotent(request.method) || !exchange.sent)) {
      LANDWAITER_ASSIGN_OR_RETURN(connection, Connect(end - absl::Now()));
      exchange = Exchange();
      status =
          Perform(connection, request, on_response, on_data, end, exchange);
    }
    if (status.ok()) Release(std::move(connection));
    return status;
  }

  void Stop() override {
    absl::MutexLock lock(&mutex_);
    stopped_ = true;
    for (httplib::ClientImpl* client : busy_) client->stop();
  }

 private:
  static bool IsIdempotent(std::string_view method) {
    return method == "GET" || method == "HEAD";
  }

  absl::StatusOr<Connection> Connect(absl::Duration within) const {
    auto connection =
        connector_->Connect(within, [this] { return stopped_.load(); });
    if (!connection.ok() && stopped_) return Stopped();
    if (!connection.ok() &&
        base::FailureCauseOf(connection.status()) != "BlockedAddress") {
      return base::WithContext(connection.status(), options_.base.Origin());
    }
    return connection;
  }

  absl::StatusOr<Connection> Acquire(absl::Duration within) {
    {
      absl::MutexLock lock(&mutex_);
      if (!idle_.empty()) {
        Connection connection = std::move(idle_.back());
        idle_.pop_back();
        connection.reused = true;
        return connection;
      }
    }
    return Connect(within);
  }

  void Release(Connection connection) {
    absl::MutexLock lock(&mutex_);
    if (idle_.size() < kMaxIdle) idle_.push_back(std::move(connection));
  }

  // The Host header: the registry's own name, whatever is connected to.
  std::string HostHeader() const {
    const std::string origin = options_.base.Origin();
    return origin.substr(origin.find("://") + 3);
  }

  httplib::Request Convert(const Request& request) const {
    httplib::Request converted;
    converted.method = request.method;
    const std::string& prefix = options_.base.target;
    converted.path = prefix == "/" || prefix.empty() ? request.target
                                                     : prefix + request.target;
    if (connector_->AsksProxy()) {
      converted.path = base::StrCat("http://", connector_->ProxiedAuthority(),
                                    converted.path);
      if (const std::string login = connector_->ProxyAuthorization();
          !login.empty()) {
        converted.headers.emplace("Proxy-Authorization", login);
      }
    }
    for (const auto& [name, value] : request.headers) {
      converted.headers.emplace(name, value);
    }
    if (FindHeader(request.headers, "Host") == nullptr) {
      converted.headers.emplace("Host", HostHeader());
    }
    if (FindHeader(request.headers, "Accept-Encoding") == nullptr) {
      converted.headers.emplace("Accept-Encoding", "identity");
    }
    if (!options_.user_agent.empty() &&
        FindHeader(request.headers, "User-Agent") == nullptr) {
      converted.headers.emplace("User-Agent", options_.user_agent);
    }
    converted.body = request.body;
    if (!request.content_type.empty()) {
      converted.headers.emplace("Content-Type", request.content_type);
    }
    return converted;
  }

  static absl::StatusOr<Response> HeadOf(const httplib::Response& from) {
    if (from.headers.size() > kMaxHeaders) {
      return base::Failure(
          base::FailureCode::kLimitExceeded,
          base::StrCat("the answer has ", from.headers.size(), " headers"),
          "headers");
    }
    Response head;
    head.status = from.status;
    head.headers.assign(from.headers.begin(), from.headers.end());
    return head;
  }

  absl::Status Perform(Connection& connection, const Request& request,
                       OnResponse on_response, OnData on_data, absl::Time end,
                       Exchange& exchange) {
    httplib::Request converted = Convert(request);
    exchange.last_byte = absl::Now();
    const auto see_head = [&](const httplib::Response& from) {
      exchange.response_began = true;
      exchange.last_byte = absl::Now();
      // httplib's stop() is lost on a request that has not begun to send.
      if (stopped_) {
        exchange.stopped = Stopped();
        return false;
      }
      auto head = HeadOf(from);
      exchange.stopped = head.ok() ? on_response(*head) : head.status();
      return exchange.stopped.ok();
    };
    converted.response_handler = see_head;
    converted.content_receiver = [&](const char* data, size_t size, uint64_t,
                                     uint64_t) {
      exchange.last_byte = absl::Now();
      exchange.stopped = on_data(std::string_view(data, size));
      return exchange.stopped.ok();
    };
    httplib::ClientImpl* client = connection.client.get();
    if (!Track(client)) return Stopped();
    httplib::Response response;
    httplib::Error error = httplib::Error::Success;
    bool done = false;
    bool expired = false;
    {
      // A request that never ends within its deadline is cut from outside.
      std::unique_ptr<Watchdog::Guard> guard;
      if (end != absl::InfiniteFuture()) {
        guard = std::make_unique<Watchdog::Guard>(watchdog_, end - absl::Now(),
                                                  [client] { client->stop(); });
      }
      ForgetTlsErrors();
      done = client->send(converted, response, error);
      exchange.alert = done ? "" : TlsAlert();
      // The server has gone away before the first byte of a request.
      exchange.shut_out = connection.tls != nullptr && !connection.reused &&
                          error == httplib::Error::Write;
      exchange.sent = error != httplib::Error::Connection;
      expired = guard != nullptr && guard->expired();
    }
    Untrack(client);
    // httplib shows no head of an answer that cannot have a body: 204, HEAD.
    if (done && !exchange.response_began) see_head(response);
    if (done && exchange.stopped.ok()) return absl::OkStatus();
    if (!exchange.stopped.ok()) return exchange.stopped;
    if (stopped_) return Stopped();
    return Explain(connection, exchange, error, expired);
  }

  // False if it is too late: Stop() has been through the busy ones.
  bool Track(httplib::ClientImpl* client) {
    absl::MutexLock lock(&mutex_);
    if (stopped_) return false;
    busy_.insert(client);
    return true;
  }
  void Untrack(httplib::ClientImpl* client) {
    absl::MutexLock lock(&mutex_);
    busy_.erase(client);
  }

  absl::Status Explain(const Connection& connection, const Exchange& exchange,
                       httplib::Error error, bool expired) const {
    const std::string origin = options_.base.Origin();
    const bool idle = absl::Now() - exchange.last_byte >= options_.idle_timeout;
    if (exchange.response_began) {
      return base::Failure(base::FailureCode::kNetworkError,
                           base::StrCat("the answer of ", origin, " broke off",
                                        expired ? ": it took too long"
                                        : idle  ? ": no byte came for too long"
                                                : ""),
                           expired || idle ? "Timeout" : "Protocol");
    }
    switch (error) {
      case httplib::Error::SSLServerVerification:
      case httplib::Error::SSLConnection:
      case httplib::Error::SSLLoadingCerts:
        return ConnectFailure("Tls", TlsReason(connection, origin));
      default:
        break;
    }
    if (expired || idle) {
      return ConnectFailure("Timeout",
                            base::StrCat(origin, " did not answer in time"));
    }
    // Under TLS 1.3 a server refuses a client's certificate after it ended
    // the handshake; its alert may be lost when it closes the connection.
    if (!exchange.alert.empty() || exchange.shut_out) {
      return ConnectFailure(
          "Tls",
          base::StrCat(origin, " ends the connection after the handshake",
                       exchange.alert.empty() ? "" : ": ", exchange.alert,
                       "; it may want another client certificate"));
    }
    return ConnectFailure(
        "Protocol",
        base::StrCat(origin, " closed the connection or did not answer in ",
                     options_.base.scheme));
  }

  static std::string TlsReason(const Connection& connection,
                               const std::string& origin) {
    if (connection.tls != nullptr) {
      const long result = connection.tls->get_openssl_verify_result();
      if (result != X509_V_OK) {
        return base::StrCat("the certificate of ", origin, " is refused: ",
                            X509_verify_cert_error_string(result));
      }
    }
    return base::StrCat("TLS with ", origin,
                        " failed: its certificate is for another name, or it "
                        "does not speak TLS 1.2 or later");
  }

  const std::unique_ptr<Connector> connector_;
  const ClientOptions& options_;
  std::atomic<bool> stopped_ = false;
  absl::Mutex mutex_;
  std::vector<Connection> idle_ ABSL_GUARDED_BY(mutex_);
  std::set<httplib::ClientImpl*> busy_ ABSL_GUARDED_BY(mutex_);
  Watchdog watchdog_;
};

// OpenSSL writes to a socket without MSG_NOSIGNAL, so a peer that is gone would
// end the program. A program that has a handler of its own keeps it.
void IgnoreBrokenPipes() {
  static std::once_flag once;
  std::call_once(once, [] {
    struct sigaction action{};
    if (sigaction(SIGPIPE, nullptr, &action) == 0 &&
        action.sa_handler == SIG_DFL) {
      action.sa_handler = SIG_IGN;
      sigaction(SIGPIPE, &action, nullptr);
    }
  });
}

}  // namespace

absl::StatusOr<std::unique_ptr<Client>> NewClient(ClientOptions options) {
  IgnoreBrokenPipes();
  LANDWAITER_ASSIGN_OR_RETURN(auto connector,
                              Connector::Create(std::move(options)));
  return std::make_unique<HttplibClient>(std::move(connector));
}

}  // namespace landwaiter::http
