#include "tests/support/http_server.h"

#include <arpa/inet.h>
#include <httplib.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <thread>

#include "absl/time/clock.h"
#include "core/http/tls.h"

namespace landwaiter::test {
namespace {

http::Url Loopback(const std::string& scheme, int port) {
  http::Url url;
  url.scheme = scheme;
  url.host = "127.0.0.1";
  url.port = static_cast<uint16_t>(port);
  return url;
}

std::unique_ptr<httplib::Server> TlsServer(const CertificateAndKey& certificate,
                                           const std::string& client_ca_pem) {
  auto certificates = *http::ReadCertificates(certificate.certificate);
  auto key = *http::ReadPrivateKey(certificate.key);
  // The server takes the store over.
  X509_STORE* clients = client_ca_pem.empty()
                            ? nullptr
                            : http::ReadTrustStore(client_ca_pem)->release();
  return std::make_unique<httplib::SSLServer>(certificates[0].get(), key.get(),
                                              clients);
}

}  // namespace

std::string SeenRequest::Header(std::string_view name) const {
  const std::string* value = http::FindHeader(headers, name);
  return value == nullptr ? "" : *value;
}

struct HttpServer::Impl {
  std::unique_ptr<httplib::Server> server;
  Handler handler;
  std::string scheme;
  std::string address = "127.0.0.1";
  int port = 0;
  std::string public_host;
  std::function<void(const SeenRequest&, const Answer&)> log;
  std::thread thread;
  std::mutex mutex;
  std::vector<SeenRequest> seen;

  void Start() {
    const auto serve = [this](const httplib::Request& request,
                              httplib::Response& response) {
      // Only what is routed has its body read.
      if (request.method == "POST") {
        return httplib::Server::HandlerResponse::Unhandled;
      }
      Serve(request, response);
      return httplib::Server::HandlerResponse::Handled;
    };
    server->set_pre_routing_handler(serve);
    server->Post(".*", [this](const httplib::Request& request,
                              httplib::Response& response) {
      Serve(request, response);
    });
    server->set_keep_alive_max_count(1000);
    server->set_tcp_nodelay(true);
    server->set_keep_alive_timeout(1);  // seconds
    if (port == 0) {
      port = server->bind_to_any_port(address);
    } else if (!server->bind_to_port(address, port)) {
      std::cerr << address << ":" << port << " is taken\n";
      std::abort();
    }
    thread = std::thread([this] { server->listen_after_bind(); });
    while (!server->is_running()) std::this_thread::yield();
  }

  void Serve(const httplib::Request& request, httplib::Response& response) {
    SeenRequest seen_request{request.method, request.target, {}, request.body};
    for (const auto& [name, value] : request.headers) {
      seen_request.headers.emplace_back(name, value);
    }
    Answer answer;
    {
      std::lock_guard lock(mutex);
      seen.push_back(seen_request);
      answer = handler(seen_request);
      if (log) log(seen_request, answer);
    }
    response.status = answer.status;
    // What to do about a Range is the handler's to say, not httplib's.
    const_cast<httplib::Request&>(request).ranges.clear();
    for (const auto& [name, value] : answer.headers) {
      response.set_header(name, value);
    }
    if (answer.pause > absl::ZeroDuration()) {
      response.set_content_provider(
          answer.body.size(), answer.content_type,
          [answer](size_t offset, size_t, httplib::DataSink& sink) {
            const size_t half = answer.body.size() / 2;
            if (offset > 0) absl::SleepFor(answer.pause);
            sink.write(answer.body.data() + offset,
                       offset == 0 ? half : answer.body.size() - half);
            return true;
          });
      return;
    }
    if (answer.cut_after < 0) {
      response.set_content(answer.body, answer.content_type);
      return;
    }
    const auto provide = [answer](size_t offset, size_t,
                                  httplib::DataSink& sink) {
      const size_t cut = static_cast<size_t>(answer.cut_after);
      if (offset >= cut) return false;  // closes the connection
      sink.write(answer.body.data() + offset, cut - offset);
      return true;
    };
    response.set_content_provider(answer.body.size(), answer.content_type,
                                  provide);
  }
};

HttpServer::HttpServer(Handler handler, const Listen& listen)
    : impl_(std::make_unique<Impl>()) {
  impl_->server = listen.certificate ? TlsServer(*listen.certificate, "")
                                     : std::make_unique<httplib::Server>();
  impl_->handler = std::move(handler);
  impl_->scheme = listen.certificate ? "https" : "http";
  impl_->address = listen.address;
  impl_->port = listen.port;
  impl_->public_host = listen.public_host;
  impl_->log = listen.log;
  impl_->Start();
}

HttpServer::HttpServer(Handler handler, const CertificateAndKey& certificate,
                       const std::string& client_ca_pem)
    : impl_(std::make_unique<Impl>()) {
  impl_->server = TlsServer(certificate, client_ca_pem);
  impl_->handler = std::move(handler);
  impl_->scheme = "https";
  impl_->Start();
}

HttpServer::~HttpServer() {
  impl_->server->stop();
  impl_->thread.join();
}

http::Url HttpServer::url() const {
  if (impl_->public_host.empty()) {
    http::Url url = Loopback(impl_->scheme, impl_->port);
    url.host = impl_->address;
    return url;
  }
  auto url = http::Url::Parse(impl_->scheme + "://" + impl_->public_host);
  if (!url.ok()) std::abort();
  url->target.clear();
  return *std::move(url);
}

int HttpServer::port() const { return impl_->port; }

std::vector<SeenRequest> HttpServer::Seen() const {
  std::lock_guard lock(impl_->mutex);
  return impl_->seen;
}

struct RawServer::Impl {
  int listener = -1;
  int port = 0;
  std::string bytes;
  std::atomic<bool> stopping = false;
  std::thread thread;

  void Run() {
    while (!stopping) {
      const int connection = accept(listener, nullptr, nullptr);
      if (connection < 0) return;
      char buffer[4096];
      if (read(connection, buffer, sizeof(buffer)) > 0) {
        for (size_t done = 0; done < bytes.size();) {
          const ssize_t n = send(connection, bytes.data() + done,
                                 bytes.size() - done, MSG_NOSIGNAL);
          if (n <= 0) break;
          done += n;
        }
      }
      close(connection);
    }
  }
};

RawServer::RawServer(std::string bytes) : impl_(std::make_unique<Impl>()) {
  impl_->bytes = std::move(bytes);
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
  impl_->thread = std::thread([this] { impl_->Run(); });
}

RawServer::~RawServer() {
  impl_->stopping = true;
  shutdown(impl_->listener, SHUT_RDWR);
  impl_->thread.join();
  close(impl_->listener);
}

http::Url RawServer::url() const { return Loopback("http", impl_->port); }

}  // namespace landwaiter::test
