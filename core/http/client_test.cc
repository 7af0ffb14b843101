#include "core/http/client.h"

#include <thread>

#include "absl/time/clock.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/http/redirect.h"
#include "gtest/gtest.h"
#include "tests/support/http_server.h"

namespace landwaiter::http {
namespace {

using test::Answer;
using test::HttpServer;
using test::SeenRequest;

std::unique_ptr<Client> ClientOf(ClientOptions options) {
  auto client = NewClient(std::move(options));
  EXPECT_TRUE(client.ok()) << client.status();
  return *std::move(client);
}

std::string CauseOf(const absl::Status& status) {
  return base::StrCat(base::ToString(base::FailureCodeOf(status)), "/",
                      base::FailureCauseOf(status));
}

TEST(ClientTest, SendsAsAskedAndReadsTheAnswer) {
  HttpServer server([](const SeenRequest&) {
    return Answer{404, {{"X-Test", "yes"}}, "body"};
  });
  auto client = ClientOf({.base = server.url(), .user_agent = "landwaiter"});
  const auto response = client->Send(
      {.method = "GET", .target = "/a%2Fb?c=d%20e", .headers = {{"A", "1"}}});
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->status, 404);
  EXPECT_EQ(response->body, "body");
  EXPECT_EQ(*FindHeader(response->headers, "x-test"), "yes");
  const SeenRequest seen = server.Seen().at(0);
  EXPECT_EQ(seen.target, "/a%2Fb?c=d%20e");
  EXPECT_EQ(seen.Header("A"), "1");
  EXPECT_EQ(seen.Header("Accept-Encoding"), "identity");
  EXPECT_EQ(seen.Header("User-Agent"), "landwaiter");
}

TEST(ClientTest, AnswersWithoutABodyHaveTheirStatusAndHeaders) {
  HttpServer server([](const SeenRequest& request) {
    return request.method == "HEAD" ? Answer{200, {{"X-Test", "yes"}}, "body"}
                                    : Answer{204, {{"X-Test", "yes"}}, ""};
  });
  auto client = ClientOf({.base = server.url()});
  for (const char* method : {"HEAD", "GET"}) {
    const auto response = client->Send({.method = method, .target = "/"}, 0);
    ASSERT_TRUE(response.ok()) << response.status();
    EXPECT_EQ(response->status, method == std::string("HEAD") ? 200 : 204);
    EXPECT_NE(FindHeader(response->headers, "X-Test"), nullptr);
    EXPECT_EQ(response->body, "");
  }
}

TEST(ClientTest, ABodyPastTheLimitIsAnError) {
  HttpServer server([](const SeenRequest&) {
    return Answer{.body = std::string(5000, 'x')};
  });
  auto client = ClientOf({.base = server.url()});
  EXPECT_EQ(CauseOf(client->Send({.target = "/"}, 4999).status()),
            "LimitExceeded/responseSize");
  EXPECT_TRUE(client->Send({.target = "/"}, 5000).ok());
}

TEST(ClientTest, NothingIsDecompressed) {
  HttpServer server([](const SeenRequest&) {
    return Answer{.headers = {{"Content-Encoding", "gzip"}}, .body = "plain"};
  });
  auto client = ClientOf({.base = server.url()});
  EXPECT_EQ(client->Send({.target = "/"})->body, "plain");
}

TEST(ClientTest, RedirectsAreAnswers) {
  HttpServer server([](const SeenRequest&) {
    return Answer{302, {{"Location", "http://elsewhere.example/"}}, ""};
  });
  auto client = ClientOf({.base = server.url()});
  const auto response = client->Send({.target = "/"});
  ASSERT_TRUE(response.ok());
  EXPECT_EQ(response->status, 302);
  EXPECT_TRUE(IsRedirect(*response));
}

TEST(ClientTest, ACutBodyIsANetworkError) {
  HttpServer server([](const SeenRequest&) {
    return Answer{.body = std::string(100'000, 'x'), .cut_after = 50'000};
  });
  auto client = ClientOf({.base = server.url()});
  EXPECT_EQ(CauseOf(client->Send({.target = "/"}).status()),
            "NetworkError/Protocol");
}

TEST(ClientTest, NobodyListening) {
  Url url;
  {
    HttpServer server([](const SeenRequest&) { return Answer(); });
    url = server.url();
  }
  auto client = ClientOf({.base = url});
  EXPECT_EQ(CauseOf(client->Send({.target = "/"}).status()),
            "NetworkConnectError/Connect");
}

TEST(ClientTest, ANameThatDoesNotExist) {
  auto client = ClientOf({.base = *Url::Parse("http://none.invalid/")});
  EXPECT_EQ(CauseOf(client->Send({.target = "/"}).status()),
            "NetworkConnectError/Dns");
}

TEST(ClientTest, WhatIsNoHttpIsAProtocolError) {
  test::RawServer server("SSH-2.0-OpenSSH_9.2\r\n");
  auto client = ClientOf({.base = server.url()});
  EXPECT_EQ(CauseOf(client->Send({.target = "/"}).status()),
            "NetworkConnectError/Protocol");
}

TEST(ClientTest, TooManyHeadersAreRefused) {
  HttpServer server([](const SeenRequest&) {
    Answer answer;
    for (int i = 0; i < 300; ++i) {
      answer.headers.emplace_back("X-" + std::to_string(i), "1");
    }
    return answer;
  });
  auto client = ClientOf({.base = server.url()});
  EXPECT_EQ(CauseOf(client->Send({.target = "/"}).status()),
            "LimitExceeded/headers");
}

TEST(ClientTest, TheDeadlineEndsASlowAnswer) {
  HttpServer server([](const SeenRequest&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(700));
    return Answer();
  });
  auto client = ClientOf({.base = server.url()});
  EXPECT_EQ(
      CauseOf(
          client->Send({.target = "/"}, 100, absl::Milliseconds(100)).status()),
      "NetworkConnectError/Timeout");
}

TEST(ClientTest, AnAnswerThatStopsForTooLongIsATimeout) {
  HttpServer server([](const SeenRequest&) {
    return Answer{.body = "0123456789", .pause = absl::Seconds(1)};
  });
  ClientOptions options{.base = server.url()};
  options.idle_timeout = absl::Milliseconds(150);
  EXPECT_EQ(CauseOf(ClientOf(options)->Send({.target = "/"}).status()),
            "NetworkError/Timeout");
  options.idle_timeout = absl::Seconds(20);
  EXPECT_EQ(ClientOf(options)->Send({.target = "/"})->body, "0123456789");
}

TEST(ClientTest, WhatHasArrivedIsHandedOnAtOnce) {
  HttpServer server([](const SeenRequest&) {
    return Answer{.body = "0123456789", .pause = absl::Seconds(1)};
  });
  auto client = ClientOf({.base = server.url()});
  std::vector<std::pair<std::string, absl::Time>> chunks;
  ASSERT_TRUE(client
                  ->Stream(
                      {.target = "/"},
                      [](const Response&) { return absl::OkStatus(); },
                      [&](std::string_view data) {
                        chunks.emplace_back(data, absl::Now());
                        return absl::OkStatus();
                      })
                  .ok());
  ASSERT_EQ(chunks.size(), 2u);
  EXPECT_EQ(chunks[0].first, "01234");
  EXPECT_GT(chunks[1].second - chunks[0].second, absl::Milliseconds(500));
}

// A POST is not sent twice, but one that never left is sent anew.
TEST(ClientTest, AnIdleConnectionThatTheServerClosedIsReplaced) {
  HttpServer server([](const SeenRequest&) { return Answer(); });
  auto client = ClientOf({.base = server.url()});
  ASSERT_TRUE(client->Send({.target = "/"}).ok());
  absl::SleepFor(absl::Milliseconds(1700));  // the server closes after 1 s
  Request post{.method = "POST", .target = "/"};
  post.body = "x";
  post.content_type = "text/plain";
  const auto response = client->Send(post);
  EXPECT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(server.Seen().size(), 2u);
}

TEST(ClientTest, StopEndsARequestFromAnotherThread) {
  HttpServer server([](const SeenRequest&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(700));
    return Answer();
  });
  auto client = ClientOf({.base = server.url()});
  std::thread stopper([&] {
    while (server.Seen().empty()) std::this_thread::yield();
    client->Stop();
  });
  // Seen() waits for the handler, so the stop may come with the answer.
  const auto response = client->Send({.target = "/"});
  stopper.join();
  EXPECT_EQ(client->Send({.target = "/"}).status().code(),
            absl::StatusCode::kCancelled);
}

TEST(ClientTest, TheConnectionIsKept) {
  HttpServer server([](const SeenRequest&) { return Answer(); });
  auto client = ClientOf({.base = server.url()});
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(client->Send({.target = "/"}).ok());
  EXPECT_EQ(server.Seen().size(), 5u);
}

TEST(ClientTest, AnAddressThatThePolicyRefusesIsNotConnectedTo) {
  HttpServer server([](const SeenRequest&) { return Answer(); });
  auto client = ClientOf(
      {.base = server.url(), .address_policy = [](std::string_view address) {
         return base::Failure(base::FailureCode::kNetworkConnectError, address,
                              "BlockedAddress");
       }});
  const auto response = client->Send({.target = "/"});
  EXPECT_EQ(CauseOf(response.status()), "NetworkConnectError/BlockedAddress");
  EXPECT_EQ(response.status().message(), "127.0.0.1");
  EXPECT_TRUE(server.Seen().empty());
}

// A traffic forwarder: connect to one address, present another name.
TEST(ClientTest, ConnectToPresentsTheRegistrysName) {
  HttpServer server([](const SeenRequest&) { return Answer(); });
  auto client =
      ClientOf({.base = *Url::Parse("http://registry.example:8080/"),
                .connect_ip = "127.0.0.1",
                .connect_port = static_cast<uint16_t>(server.port())});
  ASSERT_TRUE(client->Send({.target = "/"}).ok());
  EXPECT_EQ(server.Seen().at(0).Header("Host"), "registry.example:8080");
}

class TlsClientTest : public testing::Test {
 protected:
  HttpServer Serve(const test::TestCa::LeafOptions& options) {
    return HttpServer([](const SeenRequest&) { return Answer(); },
                      ca_.Issue(options));
  }
  std::string Outcome(const HttpServer& server, TlsOptions tls,
                      const std::string& name = "") {
    ClientOptions options{.base = server.url(), .tls = std::move(tls)};
    if (!name.empty()) {
      options.base.host = name;
      options.connect_ip = "127.0.0.1";
    }
    const auto response = ClientOf(std::move(options))->Send({.target = "/"});
    return response.ok() ? "ok" : CauseOf(response.status());
  }
  test::TestCa ca_;
};

TEST_F(TlsClientTest, APrivateAuthorityIsTrustedWhenGiven) {
  const HttpServer server = Serve({});
  EXPECT_EQ(Outcome(server, {.ca_pem = ca_.CertificatePem()}), "ok");
  EXPECT_EQ(Outcome(server, {}), "NetworkConnectError/Tls");
  EXPECT_EQ(Outcome(server, {.ca_pem = test::TestCa().CertificatePem()}),
            "NetworkConnectError/Tls");
  EXPECT_EQ(Outcome(server, {.insecure_skip_verify = true}), "ok");
}

TEST_F(TlsClientTest, AnExpiredCertificateIsRefused) {
  const HttpServer server = Serve({.not_before = -7200, .not_after = -3600});
  EXPECT_EQ(Outcome(server, {.ca_pem = ca_.CertificatePem()}),
            "NetworkConnectError/Tls");
}

TEST_F(TlsClientTest, ACertificateForAnotherNameIsRefused) {
  const HttpServer server =
      Serve({.subject_alt_names = {"DNS:registry.example"}});
  EXPECT_EQ(Outcome(server, {.ca_pem = ca_.CertificatePem()}),
            "NetworkConnectError/Tls");
  EXPECT_EQ(
      Outcome(server, {.ca_pem = ca_.CertificatePem()}, "registry.example"),
      "ok");
  EXPECT_EQ(Outcome(server, {.ca_pem = ca_.CertificatePem(),
                             .server_name = "registry.example"}),
            "ok");
}

TEST_F(TlsClientTest, AServerThatAsksForAClientCertificateGetsTheRightOne) {
  const test::TestCa clients("clients");
  HttpServer server([](const SeenRequest&) { return Answer(); }, ca_.Issue(),
                    clients.CertificatePem());
  const auto outcome = [&](const test::CertificateAndKey& shown) {
    return Outcome(server, {.ca_pem = ca_.CertificatePem(),
                            .client_certificate_pem = shown.certificate,
                            .client_key_pem = shown.key});
  };
  EXPECT_EQ(outcome(clients.Issue()), "ok");
  // Under TLS 1.3 the server's refusal comes after the handshake.
  EXPECT_EQ(outcome({}), "NetworkConnectError/Tls");
  EXPECT_EQ(outcome(ca_.Issue()), "NetworkConnectError/Tls");
  EXPECT_EQ(server.Seen().size(), 1u);
}

TEST(NewClientTest, ACertificateAndTheKeyOfAnotherDoNotGoTogether) {
  const test::TestCa ca;
  const auto one = ca.Issue();
  ClientOptions options{.base = *Url::Parse("https://127.0.0.1:1/")};
  options.tls.client_certificate_pem = one.certificate;
  options.tls.client_key_pem = ca.Issue().key;
  EXPECT_EQ(NewClient(options).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(NewClientTest, WhatCannotWorkIsSaidAtOnce) {
  const Url url = *Url::Parse("https://h.example/");
  EXPECT_FALSE(NewClient({}).ok());
  EXPECT_FALSE(NewClient({.base = url, .tls = {.ca_pem = "nonsense"}}).ok());
  EXPECT_FALSE(
      NewClient({.base = url, .tls = {.client_certificate_pem = "x"}}).ok());
  EXPECT_FALSE(
      NewClient({.base = url, .proxy = {.url = "socks5://p:1080"}}).ok());
}

TEST(RedirectTest, CredentialsDoNotFollowToAnotherOrigin) {
  const Url from = *Url::Parse("https://registry.example/v2/a");
  const Headers headers = {{"Authorization", "Basic x"}, {"Accept", "y"}};
  EXPECT_EQ(HeadersForRedirect(headers, from,
                               *Url::Parse("https://registry.example/z"))
                .size(),
            2u);
  for (std::string_view other :
       {"https://cdn.example/", "https://registry.example:444/",
        "http://registry.example/"}) {
    EXPECT_EQ(HeadersForRedirect(headers, from, *Url::Parse(other)),
              (Headers{{"Accept", "y"}}))
        << other;
  }
}

TEST(RedirectTest, HttpsNeverLeadsToHttp) {
  const Url from = *Url::Parse("https://registry.example/");
  const auto to = [&](const std::string& location) {
    return RedirectTarget(from, Response{307, {{"location", location}}, ""});
  };
  EXPECT_FALSE(to("http://registry.example/").ok());
  EXPECT_FALSE(to("file:///etc/passwd").ok());
  EXPECT_EQ(to("/x")->ToString(), "https://registry.example/x");
}

}  // namespace
}  // namespace landwaiter::http
