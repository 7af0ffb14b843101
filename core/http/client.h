#ifndef LANDWAITER_CORE_HTTP_CLIENT_H_
#define LANDWAITER_CORE_HTTP_CLIENT_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/http/url.h"

namespace landwaiter::http {

// Names compare without case; a name may occur more than once.
using Headers = std::vector<std::pair<std::string, std::string>>;
// The first value of `name`, or nullptr.
const std::string* FindHeader(const Headers& headers, std::string_view name);

struct Request {
  std::string method = "GET";
  std::string target;  // path and query, as they go on the wire
  Headers headers;
  std::string body;
  std::string content_type;  // of the body, if there is one
};

struct Response {
  int status = 0;
  Headers headers;
  std::string body;
};

struct TlsOptions {
  std::string ca_pem;  // trusted beside nothing else; empty: the system's roots
  std::string client_certificate_pem;  // with its chain
  std::string client_key_pem;
  std::string server_name;  // for SNI and verification; empty: the URL's host
  bool insecure_skip_verify = false;
};

struct ProxyOptions {
  std::string url;       // "http://proxy:3128"; empty: none
  std::string no_proxy;  // as curl's NO_PROXY: names, .suffixes, addresses,
                         // CIDRs, "*"
  std::string username;
  std::string password;
};

// Decides, after name resolution, whether an address may be connected to; the
// connection then goes to that very address. See address_policy.h.
using AddressPolicy = std::function<absl::Status(std::string_view address)>;

// The numeric addresses of a name, the preferred first; may block.
using Resolver = std::function<absl::StatusOr<std::vector<std::string>>(
    const std::string& host)>;

struct ClientOptions {
  Url base;  // scheme, host, port; its target is a prefix of every request's
  TlsOptions tls;
  ProxyOptions proxy;
  // Connect here instead of resolving base.host (a traffic forwarder; through
  // the proxy, if there is one): Host, SNI and verification still use
  // base.host. Empty ip and 0: as base says.
  std::string connect_ip;
  uint16_t connect_port = 0;
  // Holds for the proxy's address too, and for a numeric host that the proxy
  // is asked for. Empty: every address is allowed.
  AddressPolicy address_policy;
  Resolver resolver;  // empty: the system's
  // For finding the name's addresses and trying each of them, and as long
  // again for TLS.
  absl::Duration connect_timeout = absl::Seconds(10);
  // Without a byte for this long the transfer fails.
  absl::Duration idle_timeout = absl::Minutes(2);
  std::string user_agent;
};

// An HTTP/1.1 connection to one origin, kept alive between requests. Redirects
// are answers like others (see redirect.h); nothing is decompressed. Never
// throws.
//
// Errors carry FailureCode::kNetworkConnectError with cause Dns, Connect, Tls,
// Timeout, Protocol or BlockedAddress while no response has begun, and
// kNetworkError after that; LimitExceeded for headers or a body that are too
// large. A response with any status is not an error.
//
// Thread-safe: concurrent requests use connections of their own (at most
// `kMaxIdle` are kept).
class Client {
 public:
  virtual ~Client() = default;

  // Sends and reads the whole body, at most `max_body` bytes, within
  // `deadline` in all.
  virtual absl::StatusOr<Response> Send(
      const Request& request, uint64_t max_body = uint64_t{4} << 20,
      absl::Duration deadline = absl::Seconds(60)) = 0;

  // Sends and hands the body on as it arrives. `on_response` sees status and
  // headers first (body empty); what `on_response` or `on_data` returns other
  // than OK stops the transfer and is returned. No overall deadline but
  // `deadline` (infinite by default); the idle timeout applies.
  using OnResponse = absl::FunctionRef<absl::Status(const Response&)>;
  using OnData = absl::FunctionRef<absl::Status(std::string_view)>;
  virtual absl::Status Stream(
      const Request& request, OnResponse on_response, OnData on_data,
      absl::Duration deadline = absl::InfiniteDuration()) = 0;

  // Makes present and future requests fail soon; for shutting down a watch
  // from another thread.
  virtual void Stop() = 0;
};

// On cpp-httplib. INVALID_ARGUMENT for a certificate, key or URL that cannot
// be read. Ignores SIGPIPE for the whole process, unless it is handled.
absl::StatusOr<std::unique_ptr<Client>> NewClient(ClientOptions options);

}  // namespace landwaiter::http

#endif  // LANDWAITER_CORE_HTTP_CLIENT_H_
