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
#include "core/http/no_proxy.h"
#include "core/http/resolver.h"
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

// A connection; what httplib calls a client.
struct Connection {
  std::unique_ptr<httplib::ClientImpl> client;
  httplib::SSLClient* tls = nullptr;  // `client`, if it speaks TLS
  bool reused = false;
};

// One request on its way: what its callbacks leave behind.
struct Exchange {
  bool response_began = false;
  absl::Status stopped;  // by a callback
  absl::Time last_byte;
};

class HttplibClient : public Client {
 public:
  HttplibClient(ClientOptions options, KeyPtr key,
                std::vector<X509Ptr> certificates)
      : options_(std::move(options)),
        key_(std::move(key)),
        certificates_(std::move(certificates)) {}

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
    LANDWAITER_ASSIGN_OR_RETURN(Connection connection, Acquire());
    Exchange exchange;
    absl::Status status =
        Perform(connection, request, on_response, on_data, deadline, exchange);
    // The server may have closed an idle connection just now; on a new one
    // the request is sent for the first time.
    if (!status.ok() && connection.reused && !exchange.response_began &&
        exchange.stopped.ok() && IsIdempotent(request.method) && !stopped_) {
      LANDWAITER_ASSIGN_OR_RETURN(connection, Connect());
      exchange = Exchange();
      status = Perform(connection, request, on_response, on_data, deadline,
                       exchange);
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

  absl::StatusOr<Connection> Acquire() {
    {
      absl::MutexLock lock(&mutex_);
      if (!idle_.empty()) {
        Connection connection = std::move(idle_.back());
        idle_.pop_back();
        connection.reused = true;
        return connection;
      }
    }
    return Connect();
  }

  void Release(Connection connection) {
    absl::MutexLock lock(&mutex_);
    if (idle_.size() < kMaxIdle) idle_.push_back(std::move(connection));
  }

  bool UsesProxy() const {
    return !options_.proxy.url.empty() &&
           !BypassesProxy(options_.proxy.no_proxy, options_.base.host,
                          options_.base.port);
  }

  // The address to connect to: the first that the policy allows.
  absl::StatusOr<std::string> AllowedAddress(const std::string& host) const {
    LANDWAITER_ASSIGN_OR_RETURN(const std::vector<std::string> addresses,
                                ResolveHost(host));
    absl::Status refused = ConnectFailure(
        "Dns", base::StrCat("the name ", host, " has no address"));
    for (const std::string& address : addresses) {
      if (!options_.address_policy) return address;
      refused = options_.address_policy(address);
      if (refused.ok()) return address;
    }
    return refused;
  }

  // The name that TLS presents and verifies.
  const std::string& ServerName() const {
    return options_.tls.server_name.empty() ? options_.base.host
                                            : options_.tls.server_name;
  }

  // Prepares a connection; httplib opens the socket with the first request.
  absl::StatusOr<Connection> Connect() const {
    const bool proxied = UsesProxy();
    const std::string& where =
        options_.connect_ip.empty() ? options_.base.host : options_.connect_ip;
    const int port =
        options_.connect_port != 0 ? options_.connect_port : options_.base.port;
    Connection connection;
    if (options_.base.scheme == "https") {
      LANDWAITER_RETURN_IF_ERROR(MakeTls(port, connection));
    } else {
      connection.client =
          std::make_unique<httplib::ClientImpl>(ServerName(), port);
    }
    if (proxied) {
      LANDWAITER_RETURN_IF_ERROR(SetProxy(*connection.client));
    } else {
      LANDWAITER_ASSIGN_OR_RETURN(const std::string address,
                                  AllowedAddress(where));
      connection.client->set_hostname_addr_map({{ServerName(), address}});
    }
    SetCommon(*connection.client);
    return connection;
  }

  void SetCommon(httplib::ClientImpl& client) const {
    client.set_keep_alive(true);
    client.set_follow_location(false);
    client.set_decompress(false);
    client.set_url_encode(false);
    client.set_tcp_nodelay(true);
    // httplib counts in milliseconds of an int.
    const auto bounded = [](absl::Duration duration) {
      return absl::ToChronoMicroseconds(std::min(duration, absl::Hours(24)));
    };
    client.set_connection_timeout(bounded(options_.connect_timeout));
    client.set_read_timeout(bounded(options_.idle_timeout));
    client.set_write_timeout(bounded(options_.idle_timeout));
  }

  absl::Status MakeTls(int port, Connection& connection) const {
    X509* leaf = certificates_.empty() ? nullptr : certificates_[0].get();
    auto tls = std::make_unique<httplib::SSLClient>(ServerName(), port, leaf,
                                                    key_.get());
    if (!tls->is_valid()) {
      return absl::InvalidArgumentError(
          "the client certificate and its key do not belong together");
    }
    SSL_CTX_set_min_proto_version(tls->ssl_context(), TLS1_2_VERSION);
    for (size_t i = 1; i < certificates_.size(); ++i) {
      SSL_CTX_add1_chain_cert(tls->ssl_context(), certificates_[i].get());
    }
    if (options_.tls.insecure_skip_verify) {
      tls->enable_server_certificate_verification(false);
    } else if (!options_.tls.ca_pem.empty()) {
      LANDWAITER_ASSIGN_OR_RETURN(X509StorePtr store,
                                  ReadTrustStore(options_.tls.ca_pem));
      tls->set_ca_cert_store(store.release());  // the context owns it now
    }
    connection.tls = tls.get();
    connection.client = std::move(tls);
    return absl::OkStatus();
  }

  absl::Status SetProxy(httplib::ClientImpl& client) const {
    LANDWAITER_ASSIGN_OR_RETURN(const Url proxy,
                                Url::Parse(options_.proxy.url));
    client.set_proxy(proxy.host, proxy.port);
    if (!options_.proxy.username.empty()) {
      client.set_proxy_basic_auth(options_.proxy.username,
                                  options_.proxy.password);
    }
    return absl::OkStatus();
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
                       OnResponse on_response, OnData on_data,
                       absl::Duration deadline, Exchange& exchange) {
    httplib::Request converted = Convert(request);
    exchange.last_byte = absl::Now();
    converted.response_handler = [&](const httplib::Response& from) {
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
      if (deadline != absl::InfiniteDuration()) {
        guard = std::make_unique<Watchdog::Guard>(watchdog_, deadline,
                                                  [client] { client->stop(); });
      }
      done = client->send(converted, response, error);
      expired = guard != nullptr && guard->expired();
    }
    Untrack(client);
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
      case httplib::Error::ConnectionTimeout:
        return ConnectFailure(
            "Timeout",
            base::StrCat("connecting to ", origin, " took longer than ",
                         absl::FormatDuration(options_.connect_timeout)));
      case httplib::Error::Connection:
        return ConnectFailure(
            expired ? "Timeout" : "Connect",
            base::StrCat("cannot connect to ", origin,
                         UsesProxy() ? " through the proxy" : "",
                         ": is the port open, and something listening?"));
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

  const ClientOptions options_;
  const KeyPtr key_;
  const std::vector<X509Ptr> certificates_;
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
  if (options.base.host.empty() || options.base.port == 0) {
    return absl::InvalidArgumentError("the URL has no host or no port");
  }
  if (!options.proxy.url.empty()) {
    const auto proxy = Url::Parse(options.proxy.url);
    if (!proxy.ok()) return base::WithContext(proxy.status(), "proxy");
    if (proxy->scheme != "http") {
      return absl::InvalidArgumentError(
          "proxy: only proxies that are spoken to in http are supported");
    }
  }
  if (!options.tls.ca_pem.empty()) {
    const auto store = ReadTrustStore(options.tls.ca_pem);
    if (!store.ok()) return base::WithContext(store.status(), "CA");
  }
  std::vector<X509Ptr> certificates;
  KeyPtr key;
  if (!options.tls.client_certificate_pem.empty()) {
    auto read = ReadCertificates(options.tls.client_certificate_pem);
    if (!read.ok())
      return base::WithContext(read.status(), "client certificate");
    certificates = *std::move(read);
    auto read_key = ReadPrivateKey(options.tls.client_key_pem);
    if (!read_key.ok()) {
      return base::WithContext(read_key.status(), "client key");
    }
    key = *std::move(read_key);
  }
  return std::make_unique<HttplibClient>(std::move(options), std::move(key),
                                         std::move(certificates));
}

}  // namespace landwaiter::http
