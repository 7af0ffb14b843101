#include "core/http/server.h"

#include <gtest/gtest.h>

#include "core/http/client.h"

namespace landwaiter::http {
namespace {

absl::StatusOr<Response> Ask(int port, const std::string& method,
                             const std::string& target) {
  ClientOptions options;
  options.base.scheme = "http";
  options.base.host = "127.0.0.1";
  options.base.port = static_cast<uint16_t>(port);
  auto client = NewClient(options);
  if (!client.ok()) return client.status();
  return (*client)->Send({.method = method, .target = target});
}

TEST(PageServerTest, AGetIsAnsweredByItsPath) {
  auto server = PageServer::Start("127.0.0.1:0", [](std::string_view path) {
    return Page{.status = path == "/healthz" ? 200 : 404,
                .body = std::string(path)};
  });
  ASSERT_TRUE(server.ok()) << server.status();
  const auto good = Ask((*server)->port(), "GET", "/healthz?verbose");
  ASSERT_TRUE(good.ok()) << good.status();
  EXPECT_EQ(good->status, 200);
  EXPECT_EQ(good->body, "/healthz");
  EXPECT_EQ(Ask((*server)->port(), "GET", "/other")->status, 404);
}

TEST(PageServerTest, OtherMethodsAreRefused) {
  auto server = *PageServer::Start("127.0.0.1:0", [](std::string_view) {
    ADD_FAILURE() << "the handler was called";
    return Page{};
  });
  EXPECT_EQ(Ask(server->port(), "DELETE", "/")->status, 405);
}

TEST(PageServerTest, AnAddressThatCannotBeBoundIsRefused) {
  // TEST-NET-1 is nobody's.
  const auto server =
      PageServer::Start("192.0.2.1:1", [](std::string_view) { return Page{}; });
  EXPECT_EQ(server.status().code(), absl::StatusCode::kUnavailable);
}

TEST(PageServerTest, AnAddressThatIsNoneIsRefused) {
  for (const char* listen : {"", "host", "host:port", "host:99999"}) {
    EXPECT_EQ(PageServer::Start(listen, [](std::string_view) { return Page{}; })
                  .status()
                  .code(),
              absl::StatusCode::kInvalidArgument)
        << listen;
  }
}

}  // namespace
}  // namespace landwaiter::http
