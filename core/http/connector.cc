#include "core/http/connector.h"

#include <fcntl.h>
#include <httplib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/time/clock.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/http/dial.h"
#include "core/http/no_proxy.h"
#include "core/http/resolver.h"

namespace landwaiter::http {
namespace {

// httplib's client on a socket that is connected already: it neither resolves
// nor connects by itself. Once that socket is gone, so is the client's use.
template <typename Client>
class OnSocket : public Client {
 public:
  template <typename... Args>
  explicit OnSocket(http::Socket socket, Args&&... args)
      : Client(std::forward<Args>(args)...), connected_(std::move(socket)) {}

 private:
  bool create_and_connect_socket(httplib::ClientImpl::Socket& socket,
                                 httplib::Error& error) override {
    if (connected_.fd() < 0) {
      error = httplib::Error::Connection;
      return false;
    }
    socket.sock = connected_.Release();
    return true;
  }

  http::Socket connected_;
};

// httplib reads and writes sockets that block, with timeouts.
void MakeBlocking(int fd, absl::Duration timeout) {
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
  const timeval wait = absl::ToTimeval(std::min(timeout, absl::Hours(24)));
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
  const int yes = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
}

std::string Authority(const std::string& host, uint16_t port) {
  return base::Contains(host, ":") ? base::StrCat("[", host, "]:", port)
                                   : base::StrCat(host, ":", port);
}

// Names that mean the proxy's own machine or its cloud, which it would look
// up by itself.
bool IsInward(const std::string& host) {
  return host == "localhost" || host.ends_with(".localhost") ||
         host == "metadata" || host == "metadata.google.internal";
}

}  // namespace

Connection::Connection() = default;
Connection::~Connection() = default;
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;

absl::StatusOr<std::unique_ptr<Connector>> Connector::Create(
    ClientOptions options) {
  if (options.base.host.empty() || options.base.port == 0) {
    return absl::InvalidArgumentError("the URL has no host or no port");
  }
  Url proxy;
  if (!options.proxy.url.empty()) {
    auto read = Url::Parse(options.proxy.url);
    if (!read.ok()) return base::WithContext(read.status(), "proxy");
    proxy = *std::move(read);
    if (proxy.scheme != "http") {
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
    if (!read.ok()) {
      return base::WithContext(read.status(), "client certificate");
    }
    certificates = *std::move(read);
    auto read_key = ReadPrivateKey(options.tls.client_key_pem);
    if (!read_key.ok()) {
      return base::WithContext(read_key.status(), "client key");
    }
    key = *std::move(read_key);
    if (X509_check_private_key(certificates[0].get(), key.get()) != 1) {
      return absl::InvalidArgumentError(
          "the client certificate and its key do not belong together");
    }
  }
  return std::unique_ptr<Connector>(
      new Connector(std::move(options), std::move(proxy), std::move(key),
                    std::move(certificates)));
}

Connector::Connector(ClientOptions options, Url proxy, KeyPtr key,
                     std::vector<X509Ptr> certificates)
    : options_(std::move(options)),
      proxy_(std::move(proxy)),
      uses_proxy_(!options_.proxy.url.empty() &&
                  !BypassesProxy(options_.proxy.no_proxy, options_.base.host,
                                 options_.base.port)),
      key_(std::move(key)),
      certificates_(std::move(certificates)) {}

const std::string& Connector::ConnectHost() const {
  return options_.connect_ip.empty() ? options_.base.host : options_.connect_ip;
}

uint16_t Connector::ConnectPort() const {
  return options_.connect_port != 0 ? options_.connect_port
                                    : options_.base.port;
}

// The name that TLS presents and verifies.
const std::string& Connector::ServerName() const {
  return options_.tls.server_name.empty() ? options_.base.host
                                          : options_.tls.server_name;
}

std::string Connector::ProxiedAuthority() const {
  return Authority(ConnectHost(), ConnectPort());
}

std::string Connector::ProxyAuthorization() const {
  if (options_.proxy.username.empty()) return "";
  return base::StrCat(
      "Basic ", absl::Base64Escape(base::StrCat(options_.proxy.username, ":",
                                                options_.proxy.password)));
}

// The proxy looks names up by itself, where we cannot follow; what can be told
// from here is refused here.
absl::Status Connector::CheckProxied() const {
  if (!options_.address_policy) return absl::OkStatus();
  const std::string& host = ConnectHost();
  if (IsInward(host)) return options_.address_policy("127.0.0.1");
  const std::string numeric = NumericAddress(host);
  return numeric.empty() ? absl::OkStatus() : options_.address_policy(numeric);
}

absl::StatusOr<Connection> Connector::Connect(
    absl::Duration within, std::function<bool()> cancelled) const {
  const Dialer dialer{options_.address_policy, options_.resolver,
                      std::move(cancelled)};
  const absl::Time deadline =
      absl::Now() + std::min(within, options_.connect_timeout);
  Socket socket;
  if (UsesProxy()) {
    LANDWAITER_RETURN_IF_ERROR(CheckProxied());
    auto proxy = Dial(dialer, proxy_.host, proxy_.port, deadline);
    if (!proxy.ok()) return base::WithContext(proxy.status(), "proxy");
    socket = *std::move(proxy);
    if (options_.base.scheme == "https") {
      LANDWAITER_RETURN_IF_ERROR(OpenTunnel(dialer, socket, ProxiedAuthority(),
                                            ProxyAuthorization(), deadline));
    }
  } else {
    LANDWAITER_ASSIGN_OR_RETURN(
        socket, Dial(dialer, ConnectHost(), ConnectPort(), deadline));
  }
  MakeBlocking(socket.fd(), options_.idle_timeout);
  Connection connection;
  if (options_.base.scheme == "https") {
    LANDWAITER_RETURN_IF_ERROR(MakeTls(std::move(socket), connection));
  } else {
    connection.client = std::make_unique<OnSocket<httplib::ClientImpl>>(
        std::move(socket), ServerName(), ConnectPort());
  }
  SetCommon(*connection.client);
  return connection;
}

void Connector::SetCommon(httplib::ClientImpl& client) const {
  client.set_keep_alive(true);
  client.set_follow_location(false);
  client.set_decompress(false);
  client.set_url_encode(false);
  // httplib counts in milliseconds of an int.
  const auto bounded = [](absl::Duration duration) {
    return absl::ToChronoMicroseconds(std::min(duration, absl::Hours(24)));
  };
  client.set_connection_timeout(bounded(options_.connect_timeout));
  client.set_read_timeout(bounded(options_.idle_timeout));
  client.set_write_timeout(bounded(options_.idle_timeout));
}

absl::Status Connector::MakeTls(Socket socket, Connection& connection) const {
  X509* leaf = certificates_.empty() ? nullptr : certificates_[0].get();
  auto tls = std::make_unique<OnSocket<httplib::SSLClient>>(
      std::move(socket), ServerName(), ConnectPort(), leaf, key_.get());
  if (!tls->is_valid()) {
    return absl::InternalError("TLS cannot be set up");
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

}  // namespace landwaiter::http
