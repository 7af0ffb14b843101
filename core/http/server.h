#ifndef LANDWAITER_CORE_HTTP_SERVER_H_
#define LANDWAITER_CORE_HTTP_SERVER_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace landwaiter::http {

struct Page {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
};

// A plain HTTP/1.1 server that answers GETs without a body: a program's health
// and metrics. Requests have 5 seconds, few threads and no body; everything
// but GET is 405. It stops when it goes.
class PageServer {
 public:
  // Called from several threads with the path, without the query.
  using Handler = std::function<Page(std::string_view path)>;

  // `listen` is "host:port"; port 0 takes a free one. INVALID_ARGUMENT if it
  // cannot be read, UNAVAILABLE if it cannot be bound.
  static absl::StatusOr<std::unique_ptr<PageServer>> Start(
      const std::string& listen, Handler handler);
  virtual ~PageServer() = default;
  virtual int port() const = 0;
};

}  // namespace landwaiter::http

#endif  // LANDWAITER_CORE_HTTP_SERVER_H_
