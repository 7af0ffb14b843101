#ifndef LANDWAITER_TESTS_SUPPORT_HTTP_SERVER_H_
#define LANDWAITER_TESTS_SUPPORT_HTTP_SERVER_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "core/http/client.h"
#include "core/http/url.h"
#include "tests/support/certificates.h"

namespace landwaiter::test {

// A request as the server saw it.
struct SeenRequest {
  std::string method;
  std::string target;  // path and query
  http::Headers headers;
  std::string body;  // of a POST
  std::string Header(std::string_view name) const;
};

// What to answer.
struct Answer {
  int status = 200;
  http::Headers headers;
  std::string body;
  std::string content_type = "application/json";
  // Close the connection after so many bytes of the body, though
  // Content-Length promises all of it.
  int64_t cut_after = -1;
  // Send the body's first half, then wait so long (by the machine's clock).
  absl::Duration pause = absl::ZeroDuration();
};

// Where a server listens, and what it is known as.
struct Listen {
  std::string address = "127.0.0.1";
  int port = 0;  // 0: a free one; one that is taken ends the program
  // Of url(), if it is not the address and the port; where the server itself
  // names where it is, it names this.
  std::string public_host;                       // "name" or "name:port"
  std::optional<CertificateAndKey> certificate;  // TLS
  // Is told of each request and what was answered, one at a time.
  std::function<void(const SeenRequest&, const Answer&)> log;
};

// An HTTP/1.1 server, by default on loopback and a free port, for as long as a
// test lasts. `handler` runs on the server's threads, one request at a time.
class HttpServer {
 public:
  using Handler = std::function<Answer(const SeenRequest&)>;
  explicit HttpServer(Handler handler, const Listen& listen = {});
  // With TLS; a client must show a certificate of `client_ca_pem`, if given.
  HttpServer(Handler handler, const CertificateAndKey& certificate,
             const std::string& client_ca_pem = "");
  ~HttpServer();

  http::Url url() const;
  int port() const;
  // All requests so far.
  std::vector<SeenRequest> Seen() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// A listener that reads one request a connection and then writes `bytes` as
// they are, whatever they are, and closes.
class RawServer {
 public:
  explicit RawServer(std::string bytes);
  ~RawServer();
  http::Url url() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace landwaiter::test

#endif  // LANDWAITER_TESTS_SUPPORT_HTTP_SERVER_H_
