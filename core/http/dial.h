#ifndef LANDWAITER_CORE_HTTP_DIAL_H_
#define LANDWAITER_CORE_HTTP_DIAL_H_

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/http/client.h"

namespace landwaiter::http {

// A connected socket, closed when it is not taken away.
class Socket {
 public:
  explicit Socket(int fd = -1) : fd_(fd) {}
  ~Socket();
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  int fd() const { return fd_; }
  int Release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

// How a TCP connection is made.
struct Dialer {
  AddressPolicy policy;  // empty: every address
  Resolver resolver;     // empty: the system's
  // Asked now and then while waiting; true gives up with CANCELLED.
  std::function<bool()> cancelled;
};

// Connects to a name's or number's addresses in turn, each with its share of
// what is left until `deadline`. Only addresses that the policy allows are
// connected to. NetworkConnectError with cause Dns, Connect, Timeout or
// BlockedAddress. The socket does not block.
absl::StatusOr<Socket> Dial(const Dialer& dialer, const std::string& host,
                            uint16_t port, absl::Time deadline);

// Asks the proxy at the other end for a tunnel (CONNECT) to `authority`
// ("host:port"). `authorization` is the value of Proxy-Authorization, or
// empty. NetworkConnectError with cause Connect, Timeout or Protocol.
absl::Status OpenTunnel(const Dialer& dialer, const Socket& proxy,
                        const std::string& authority,
                        const std::string& authorization, absl::Time deadline);

}  // namespace landwaiter::http

#endif  // LANDWAITER_CORE_HTTP_DIAL_H_
