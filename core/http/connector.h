#ifndef LANDWAITER_CORE_HTTP_CONNECTOR_H_
#define LANDWAITER_CORE_HTTP_CONNECTOR_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/http/client.h"
#include "core/http/tls.h"

namespace httplib {
class ClientImpl;
class SSLClient;
}  // namespace httplib

namespace landwaiter::http {

class Socket;

// A connection; what httplib calls a client.
struct Connection {
  Connection();
  ~Connection();
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;

  std::unique_ptr<httplib::ClientImpl> client;
  httplib::SSLClient* tls = nullptr;  // `client`, if it speaks TLS
  bool reused = false;
};

// Makes connections as ClientOptions ask for: resolves, checks addresses,
// connects, opens the proxy's tunnel. The TLS handshake is httplib's, with the
// first request. Thread-safe.
class Connector {
 public:
  // INVALID_ARGUMENT for a certificate, key or proxy that cannot be read.
  static absl::StatusOr<std::unique_ptr<Connector>> Create(
      ClientOptions options);

  const ClientOptions& options() const { return options_; }

  absl::StatusOr<Connection> Connect(absl::Duration within,
                                     std::function<bool()> cancelled) const;

  // Whether requests are asked of the proxy itself, with a whole URL in the
  // request line: http through a proxy.
  bool AsksProxy() const {
    return UsesProxy() && options_.base.scheme == "http";
  }
  // "host:port" that the proxy is asked for.
  std::string ProxiedAuthority() const;
  // The value of Proxy-Authorization; may be empty.
  std::string ProxyAuthorization() const;

 private:
  Connector(ClientOptions options, Url proxy, KeyPtr key,
            std::vector<X509Ptr> certificates);
  bool UsesProxy() const { return uses_proxy_; }
  const std::string& ConnectHost() const;
  uint16_t ConnectPort() const;
  const std::string& ServerName() const;
  absl::Status CheckProxied() const;
  absl::Status MakeTls(Socket socket, Connection& connection) const;
  void SetCommon(httplib::ClientImpl& client) const;

  const ClientOptions options_;
  const Url proxy_;
  const bool uses_proxy_;
  const KeyPtr key_;
  const std::vector<X509Ptr> certificates_;
};

}  // namespace landwaiter::http

#endif  // LANDWAITER_CORE_HTTP_CONNECTOR_H_
