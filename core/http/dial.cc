#include "core/http/dial.h"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <vector>

#include "absl/time/clock.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/http/resolver.h"

namespace landwaiter::http {
namespace {

constexpr size_t kMaxTunnelAnswer = 16 << 10;
// How soon a cancellation is noticed.
constexpr absl::Duration kGlance = absl::Milliseconds(100);

absl::Status Failed(std::string_view cause, std::string_view message) {
  return base::Failure(base::FailureCode::kNetworkConnectError, message, cause);
}

std::string ErrnoText(int error) { return std::strerror(error); }

// Waits until the socket is ready for `events`. DEADLINE_EXCEEDED, CANCELLED.
absl::Status Await(const Dialer& dialer, const Socket& socket, short events,
                   absl::Time deadline) {
  while (true) {
    if (dialer.cancelled && dialer.cancelled()) {
      return absl::CancelledError("the client was stopped");
    }
    const absl::Duration left = deadline - absl::Now();
    if (left <= absl::ZeroDuration()) return absl::DeadlineExceededError("");
    pollfd waited = {.fd = socket.fd(), .events = events, .revents = 0};
    const int milliseconds = static_cast<int>(
        absl::ToInt64Milliseconds(std::min(left, kGlance)) + 1);
    const int ready = poll(&waited, 1, milliseconds);
    if (ready > 0) return absl::OkStatus();
    if (ready < 0 && errno != EINTR) return absl::UnknownError("poll");
  }
}

struct AddrInfoDeleter {
  void operator()(addrinfo* value) const { freeaddrinfo(value); }
};

absl::StatusOr<Socket> ConnectTo(const Dialer& dialer,
                                 const std::string& address, uint16_t port,
                                 absl::Time deadline) {
  const std::string where = base::StrCat(address, " port ", port);
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints,
                  &found) != 0) {
    return Failed("Dns", base::StrCat(where, " is no address"));
  }
  const std::unique_ptr<addrinfo, AddrInfoDeleter> info(found);
  Socket socket(
      ::socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (socket.fd() < 0) {
    return Failed("Connect", base::StrCat(where, ": ", ErrnoText(errno)));
  }
  int error = 0;
  if (connect(socket.fd(), info->ai_addr, info->ai_addrlen) != 0) {
    error = errno;
    if (error == EINPROGRESS) {
      const absl::Status ready = Await(dialer, socket, POLLOUT, deadline);
      if (absl::IsDeadlineExceeded(ready)) {
        return Failed("Timeout",
                      base::StrCat("connecting to ", where, " took too long"));
      }
      LANDWAITER_RETURN_IF_ERROR(ready);
      socklen_t size = sizeof(error);
      getsockopt(socket.fd(), SOL_SOCKET, SO_ERROR, &error, &size);
    }
  }
  if (error == 0) return socket;
  return Failed("Connect", base::StrCat("cannot connect to ", where, ": ",
                                        ErrnoText(error)));
}

absl::Status SendAll(const Dialer& dialer, const Socket& socket,
                     std::string_view bytes, absl::Time deadline) {
  while (!bytes.empty()) {
    LANDWAITER_RETURN_IF_ERROR(Await(dialer, socket, POLLOUT, deadline));
    const ssize_t sent =
        send(socket.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      bytes.remove_prefix(sent);
    } else if (errno != EAGAIN && errno != EINTR) {
      return absl::UnknownError(ErrnoText(errno));
    }
  }
  return absl::OkStatus();
}

// An answer's head, not a byte more: what follows is the tunnel's.
absl::StatusOr<std::string> ReadHead(const Dialer& dialer, const Socket& socket,
                                     absl::Time deadline) {
  std::string head;
  while (!head.ends_with("\r\n\r\n")) {
    if (head.size() >= kMaxTunnelAnswer) return absl::UnknownError("too long");
    LANDWAITER_RETURN_IF_ERROR(Await(dialer, socket, POLLIN, deadline));
    char byte;
    const ssize_t got = recv(socket.fd(), &byte, 1, 0);
    if (got == 0) return absl::UnknownError("closed");
    if (got == 1) {
      head += byte;
    } else if (errno != EAGAIN && errno != EINTR) {
      return absl::UnknownError(ErrnoText(errno));
    }
  }
  return head;
}

}  // namespace

Socket::~Socket() {
  if (fd_ >= 0) close(fd_);
}

absl::StatusOr<Socket> Dial(const Dialer& dialer, const std::string& host,
                            uint16_t port, absl::Time deadline) {
  std::vector<std::string> addresses;
  if (std::string numeric = NumericAddress(host); !numeric.empty()) {
    addresses.push_back(std::move(numeric));
  } else {
    LANDWAITER_ASSIGN_OR_RETURN(
        addresses,
        ResolveWithin(dialer.resolver ? dialer.resolver : Resolver(ResolveHost),
                      host, deadline - absl::Now()));
  }
  absl::Status failed =
      Failed("Dns", base::StrCat("the name ", host, " has no address"));
  if (dialer.policy) {
    std::erase_if(addresses, [&](const std::string& address) {
      absl::Status allowed = dialer.policy(address);
      if (!allowed.ok()) failed = allowed;
      return !allowed.ok();
    });
  }
  for (size_t i = 0; i < addresses.size(); ++i) {
    const absl::Time now = absl::Now();
    const absl::Duration share = (deadline - now) / (addresses.size() - i);
    auto socket = ConnectTo(dialer, addresses[i], port, now + share);
    if (socket.ok() || absl::IsCancelled(socket.status())) return socket;
    failed = socket.status();
  }
  return failed;
}

absl::Status OpenTunnel(const Dialer& dialer, const Socket& proxy,
                        const std::string& authority,
                        const std::string& authorization, absl::Time deadline) {
  std::string request = base::StrCat("CONNECT ", authority,
                                     " HTTP/1.1\r\nHost: ", authority, "\r\n");
  if (!authorization.empty()) {
    base::StrAppend(&request, "Proxy-Authorization: ", authorization, "\r\n");
  }
  request += "\r\n";
  absl::Status status = SendAll(dialer, proxy, request, deadline);
  absl::StatusOr<std::string> head;
  if (status.ok()) {
    head = ReadHead(dialer, proxy, deadline);
    status = head.status();
  }
  if (absl::IsCancelled(status)) return status;
  if (absl::IsDeadlineExceeded(status)) {
    return Failed("Timeout", "the proxy did not open a tunnel in time");
  }
  if (!status.ok()) {
    return Failed("Protocol",
                  "the proxy closed the connection in place of a tunnel");
  }
  // "HTTP/1.1 200 Connection established"
  const auto code = head->starts_with("HTTP/1.") && head->size() > 12
                        ? base::ParseInt64(head->substr(9, 3))
                        : std::nullopt;
  if (!code) return Failed("Protocol", "the proxy does not speak HTTP");
  if (*code >= 200 && *code < 300) return absl::OkStatus();
  return Failed("Connect",
                *code == 407
                    ? "the proxy asks for another user name or password (407)"
                    : base::StrCat("the proxy answers ", *code,
                                   " in place of a tunnel to ", authority));
}

}  // namespace landwaiter::http
