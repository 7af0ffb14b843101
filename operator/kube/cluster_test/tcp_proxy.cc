#include "operator/kube/cluster_test/tcp_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace landwaiter::kube {
namespace {

sockaddr_in Loopback(uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

int Socket() { return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0); }

}  // namespace

TcpProxy::TcpProxy(uint16_t target_port)
    : target_port_(target_port), listener_(Socket()) {
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof(address);
  auto* any = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_, any, size) == 0 && listen(listener_, 64) == 0 &&
      getsockname(listener_, any, &size) == 0) {
    port_ = ntohs(address.sin_port);
  }
  acceptor_ = std::thread([this] { Accept(); });
}

TcpProxy::~TcpProxy() {
  ending_ = true;
  closed_ = true;
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  close(listener_);
  ShutAll();
  absl::MutexLock lock(&mutex_);
  for (Connection& connection : open_) {
    connection.thread.join();
    close(connection.client);
    close(connection.server);
  }
}

void TcpProxy::Cut() { ShutAll(); }

void TcpProxy::Close() {
  closed_ = true;
  ShutAll();
}

void TcpProxy::ShutAll() {
  absl::MutexLock lock(&mutex_);
  for (Connection& connection : open_) {
    shutdown(connection.client, SHUT_RDWR);
    shutdown(connection.server, SHUT_RDWR);
  }
}

void TcpProxy::Accept() {
  while (!ending_) {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) {
      if (ending_) return;
      continue;
    }
    ++connections_;
    const int server = Socket();
    const sockaddr_in target = Loopback(target_port_);
    if (closed_ || connect(server, reinterpret_cast<const sockaddr*>(&target),
                           sizeof(target)) != 0) {
      close(client);
      close(server);
      continue;
    }
    absl::MutexLock lock(&mutex_);
    Connection& connection = open_.emplace_back();
    connection.client = client;
    connection.server = server;
    connection.thread =
        std::thread([this, client, server] { Pass(client, server); });
    // Close() may have come between the check and here.
    if (closed_) shutdown(client, SHUT_RDWR);
  }
}

void TcpProxy::Pass(int client, int server) {
  pollfd ends[] = {{.fd = client, .events = POLLIN, .revents = 0},
                   {.fd = server, .events = POLLIN, .revents = 0}};
  while (poll(ends, 2, -1) > 0) {
    if (ends[0].revents != 0 && !PassSome(client, server, &bytes_sent_)) break;
    if (ends[1].revents != 0 && !PassSome(server, client, nullptr)) break;
  }
  // The descriptors are closed with the proxy: they may be in use by ShutAll.
  shutdown(client, SHUT_RDWR);
  shutdown(server, SHUT_RDWR);
}

bool TcpProxy::PassSome(int from, int to, std::atomic<int64_t>* count) {
  char buffer[16384];
  const ssize_t size = recv(from, buffer, sizeof(buffer), 0);
  if (size <= 0) return false;
  if (count != nullptr) *count += size;
  for (ssize_t sent = 0; sent < size;) {
    const ssize_t some =
        send(to, buffer + sent, static_cast<size_t>(size - sent), MSG_NOSIGNAL);
    if (some <= 0) return false;
    sent += some;
  }
  return true;
}

}  // namespace landwaiter::kube
