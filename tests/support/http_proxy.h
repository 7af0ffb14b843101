#ifndef LANDWAITER_TESTS_SUPPORT_HTTP_PROXY_H_
#define LANDWAITER_TESTS_SUPPORT_HTTP_PROXY_H_

#include <memory>
#include <string>
#include <vector>

namespace landwaiter::test {

// A forward proxy on loopback: CONNECT tunnels and requests with a whole URL.
// Whatever is asked for, it connects to `target_port` on 127.0.0.1.
class HttpProxy {
 public:
  // With a `login` ("user:password") it asks for it.
  explicit HttpProxy(int target_port, std::string login = "");
  ~HttpProxy();

  std::string url() const;
  // The request lines that it was sent, in order.
  std::vector<std::string> Seen() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace landwaiter::test

#endif  // LANDWAITER_TESTS_SUPPORT_HTTP_PROXY_H_
