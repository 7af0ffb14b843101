#include "tests/support/http_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "absl/strings/escaping.h"
#include "core/base/strings.h"

namespace landwaiter::test {
namespace {

bool SendAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(sent);
  }
  return true;
}

std::string ReadHead(int fd) {
  std::string head;
  char byte;
  while (!head.ends_with("\r\n\r\n") && recv(fd, &byte, 1, 0) == 1) {
    head += byte;
  }
  return head;
}

int ConnectTo(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) ==
      0) {
    return fd;
  }
  close(fd);
  return -1;
}

}  // namespace

struct HttpProxy::Impl {
  int target_port = 0;
  std::string login;
  int listener = -1;
  int port = 0;
  std::atomic<bool> stopping = false;
  std::thread acceptor;
  mutable std::mutex mutex;
  std::vector<std::string> seen;
  std::vector<std::thread> workers;

  void Accept() {
    while (!stopping) {
      const int client = accept(listener, nullptr, nullptr);
      if (client < 0) return;
      std::lock_guard lock(mutex);
      workers.emplace_back([this, client] { Serve(client); });
    }
  }

  void Serve(int client) {
    const std::string head = ReadHead(client);
    const std::string line = head.substr(0, head.find("\r\n"));
    {
      std::lock_guard lock(mutex);
      seen.push_back(line);
    }
    const std::string wanted =
        base::StrCat("Proxy-Authorization: Basic ", absl::Base64Escape(login));
    if (!login.empty() && !base::Contains(head, wanted)) {
      SendAll(client,
              "HTTP/1.1 407 Proxy Authentication Required\r\n"
              "Content-Length: 0\r\n\r\n");
    } else if (const int server = ConnectTo(target_port); server >= 0) {
      const bool ok = line.starts_with("CONNECT ")
                          ? SendAll(client, "HTTP/1.1 200 Connected\r\n\r\n")
                          : SendAll(server, head);
      if (ok) Pump(client, server);
      close(server);
    }
    close(client);
  }

  // Both ways, until either end closes.
  void Pump(int client, int server) {
    pollfd ends[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
    while (!stopping) {
      if (poll(ends, 2, 50) < 0) return;
      for (int i = 0; i < 2; ++i) {
        if (ends[i].revents == 0) continue;
        char buffer[16384];
        const ssize_t got = recv(ends[i].fd, buffer, sizeof(buffer), 0);
        if (got <= 0) return;
        if (!SendAll(ends[1 - i].fd, std::string_view(buffer, got))) return;
      }
    }
  }
};

HttpProxy::HttpProxy(int target_port, std::string login)
    : impl_(std::make_unique<Impl>()) {
  impl_->target_port = target_port;
  impl_->login = std::move(login);
  impl_->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  if (bind(impl_->listener, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      listen(impl_->listener, 16) != 0 ||
      getsockname(impl_->listener, reinterpret_cast<sockaddr*>(&address),
                  &size) != 0) {
    std::abort();
  }
  impl_->port = ntohs(address.sin_port);
  impl_->acceptor = std::thread([this] { impl_->Accept(); });
}

HttpProxy::~HttpProxy() {
  impl_->stopping = true;
  shutdown(impl_->listener, SHUT_RDWR);
  impl_->acceptor.join();
  close(impl_->listener);
  for (std::thread& worker : impl_->workers) worker.join();
}

std::string HttpProxy::url() const {
  return base::StrCat("http://127.0.0.1:", impl_->port);
}

std::vector<std::string> HttpProxy::Seen() const {
  std::lock_guard lock(impl_->mutex);
  return impl_->seen;
}

}  // namespace landwaiter::test
