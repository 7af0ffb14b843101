#include "core/http/server.h"

#include <httplib.h>

#include <thread>
#include <utility>

#include "core/base/strings.h"

namespace landwaiter::http {
namespace {

constexpr int kThreads = 4;
constexpr int kTimeoutSeconds = 5;

class HttplibPageServer : public PageServer {
 public:
  explicit HttplibPageServer(Handler handler) : handler_(std::move(handler)) {
    server_.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
    server_.set_read_timeout(kTimeoutSeconds);
    server_.set_write_timeout(kTimeoutSeconds);
    server_.set_keep_alive_timeout(kTimeoutSeconds);
    server_.set_payload_max_length(0);
    server_.set_pre_routing_handler(
        [this](const httplib::Request& request, httplib::Response& response) {
          Serve(request, response);
          return httplib::Server::HandlerResponse::Handled;
        });
  }

  ~HttplibPageServer() override {
    server_.stop();
    if (thread_.joinable()) thread_.join();
  }

  bool Listen(const std::string& host, int port) {
    port_ = port == 0 ? server_.bind_to_any_port(host)
                      : (server_.bind_to_port(host, port) ? port : -1);
    if (port_ <= 0) return false;
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
    return true;
  }

  int port() const override { return port_; }

 private:
  void Serve(const httplib::Request& request, httplib::Response& response) {
    if (request.method != "GET" && request.method != "HEAD") {
      response.status = 405;
      return;
    }
    Page page = handler_(request.path);
    response.status = page.status;
    response.set_content(page.body, page.content_type);
  }

  httplib::Server server_;
  const Handler handler_;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<PageServer>> PageServer::Start(
    const std::string& listen, Handler handler) {
  const size_t colon = listen.rfind(':');
  const auto port = colon == std::string::npos
                        ? std::nullopt
                        : base::ParseUint64(listen.substr(colon + 1));
  if (!port || *port > 65535) {
    return absl::InvalidArgumentError(
        base::StrCat("\"", base::Printable(listen), "\" is not host:port"));
  }
  auto server = std::make_unique<HttplibPageServer>(std::move(handler));
  if (!server->Listen(listen.substr(0, colon), static_cast<int>(*port))) {
    return absl::UnavailableError(
        base::StrCat("cannot listen on ", base::Printable(listen)));
  }
  return server;
}

}  // namespace landwaiter::http
