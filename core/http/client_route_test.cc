// How a client finds its way: proxies, forwarders, addresses in turn.

#include <memory>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/http/client.h"
#include "core/http/resolver.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/http_proxy.h"
#include "tests/support/http_server.h"

namespace landwaiter::http {
namespace {

using test::Answer;
using test::HttpProxy;
using test::HttpServer;
using test::SeenRequest;
using testing::ElementsAre;
using testing::IsEmpty;

// "200", or the failure's code and cause.
std::string Outcome(ClientOptions options, int requests = 1) {
  auto client = NewClient(std::move(options));
  if (!client.ok()) return std::string(client.status().message());
  std::string outcome;
  for (int i = 0; i < requests; ++i) {
    const auto response =
        (*client)->Send({.target = "/a?b"}, 1 << 20, absl::Seconds(20));
    outcome = response.ok()
                  ? std::to_string(response->status)
                  : base::StrCat(
                        base::ToString(base::FailureCodeOf(response.status())),
                        "/", base::FailureCauseOf(response.status()));
  }
  return outcome;
}

class ProxyTest : public testing::Test {
 protected:
  ClientOptions Plain(const HttpProxy& proxy) {
    return {.base = *Url::Parse("http://registry.example/"),
            .proxy = {.url = proxy.url()}};
  }
  ClientOptions Tls(const HttpProxy& proxy) {
    return {.base = *Url::Parse("https://registry.example/"),
            .tls = {.ca_pem = ca_.CertificatePem()},
            .proxy = {.url = proxy.url()}};
  }
  test::TestCa ca_;
  HttpServer plain_{[](const SeenRequest&) { return Answer(); }};
  HttpServer tls_{[](const SeenRequest&) { return Answer(); },
                  ca_.Issue({.subject_alt_names = {"DNS:registry.example"}})};
};

TEST_F(ProxyTest, PlainHttpIsAskedOfTheProxyByTheWholeUrl) {
  HttpProxy proxy(plain_.port());
  EXPECT_EQ(Outcome(Plain(proxy)), "200");
  EXPECT_THAT(proxy.Seen(),
              ElementsAre("GET http://registry.example:80/a?b HTTP/1.1"));
  EXPECT_EQ(plain_.Seen().at(0).Header("Host"), "registry.example");
}

TEST_F(ProxyTest, TlsGoesThroughATunnelToTheNameAndIsVerifiedByIt) {
  HttpProxy proxy(tls_.port());
  EXPECT_EQ(Outcome(Tls(proxy), 2), "200");
  EXPECT_THAT(proxy.Seen(),
              ElementsAre("CONNECT registry.example:443 HTTP/1.1"));
  EXPECT_EQ(tls_.Seen().at(0).Header("Proxy-Authorization"), "");
  ClientOptions other = Tls(proxy);
  other.base.host = "other.example";
  EXPECT_EQ(Outcome(other), "NetworkConnectError/Tls");
}

TEST_F(ProxyTest, TheProxysLoginIsGivenToItAndOnlyToIt) {
  for (const bool tls : {false, true}) {
    HttpProxy proxy(tls ? tls_.port() : plain_.port(), "user:pass");
    ClientOptions options = tls ? Tls(proxy) : Plain(proxy);
    EXPECT_EQ(Outcome(options), tls ? "NetworkConnectError/Connect" : "407");
    options.proxy.username = "user";
    options.proxy.password = "wrong";
    EXPECT_EQ(Outcome(options), tls ? "NetworkConnectError/Connect" : "407");
    options.proxy.password = "pass";
    EXPECT_EQ(Outcome(options), "200");
  }
  EXPECT_EQ(tls_.Seen().at(0).Header("Proxy-Authorization"), "");
}

TEST_F(ProxyTest, NoProxyGoesStraight) {
  HttpProxy proxy(plain_.port());
  ClientOptions options = Plain(proxy);
  options.base = plain_.url();
  options.proxy.no_proxy = "example.org,127.0.0.0/8";
  EXPECT_EQ(Outcome(options), "200");
  EXPECT_THAT(proxy.Seen(), IsEmpty());
}

TEST_F(ProxyTest, AForwarderIsReachedThroughTheProxyUnderTheRegistrysName) {
  HttpProxy proxy(tls_.port());
  ClientOptions options = Tls(proxy);
  options.connect_ip = "10.9.8.7";
  options.connect_port = 8443;
  EXPECT_EQ(Outcome(options), "200");
  EXPECT_THAT(proxy.Seen(), ElementsAre("CONNECT 10.9.8.7:8443 HTTP/1.1"));
  EXPECT_EQ(tls_.Seen().at(0).Header("Host"), "registry.example");
}

TEST_F(ProxyTest, AProxyThatIsNotThereOrNoProxyIsTold) {
  ClientOptions options{.base = *Url::Parse("https://registry.example/")};
  test::RawServer ssh("SSH-2.0-OpenSSH_9.2\r\n");
  options.proxy.url = ssh.url().Origin();
  EXPECT_EQ(Outcome(options), "NetworkConnectError/Protocol");
  options.proxy.url = "http://127.0.0.1:1";
  EXPECT_EQ(Outcome(options), "NetworkConnectError/Connect");
  test::RawServer refuses("HTTP/1.1 403 Forbidden\r\n\r\n");
  options.proxy.url = refuses.url().Origin();
  EXPECT_EQ(Outcome(options), "NetworkConnectError/Connect");
}

class AddressesTest : public testing::Test {
 protected:
  ClientOptions Named(std::vector<std::string> addresses) {
    ClientOptions options{.base = server_.url()};
    options.base.host = "registry.example";
    options.resolver = [addresses](const std::string&) { return addresses; };
    return options;
  }
  HttpServer server_{[](const SeenRequest&) { return Answer(); }};
};

TEST_F(AddressesTest, EachAddressOfANameIsTriedInTurn) {
  EXPECT_EQ(Outcome(Named({"::1", "127.0.0.2", "127.0.0.1"})), "200");
  EXPECT_EQ(Outcome(Named({"::1", "127.0.0.2"})),
            "NetworkConnectError/Connect");
}

// 192.0.2.1 (TEST-NET-1) answers nobody, or the network is unreachable.
TEST_F(AddressesTest, AnAddressThatSaysNothingLeavesTimeForTheNext) {
  ClientOptions options = Named({"192.0.2.1", "127.0.0.1"});
  options.connect_timeout = absl::Seconds(2);
  EXPECT_EQ(Outcome(options), "200");
}

TEST_F(AddressesTest, OnlyAllowedAddressesAreTried) {
  ClientOptions options = Named({"127.0.0.1", "::1"});
  options.address_policy = [](std::string_view address) {
    return address == "::1"
               ? absl::OkStatus()
               : base::Failure(base::FailureCode::kNetworkConnectError, "no",
                               "BlockedAddress");
  };
  EXPECT_EQ(Outcome(options), "NetworkConnectError/Connect");
  EXPECT_TRUE(server_.Seen().empty());
}

TEST_F(AddressesTest, ANameServerThatDoesNotAnswerEndsWithTheDeadline) {
  auto never = std::make_shared<absl::Notification>();
  ClientOptions options = Named({});
  options.connect_timeout = absl::Milliseconds(100);
  options.resolver = [never](const std::string&) {
    never->WaitForNotification();
    return std::vector<std::string>();
  };
  EXPECT_EQ(Outcome(options), "NetworkConnectError/Timeout");
  never->Notify();
}

TEST_F(AddressesTest, ANameWithoutAddressesIsADnsFailure) {
  EXPECT_EQ(Outcome(Named({})), "NetworkConnectError/Dns");
}

TEST(NumericAddressTest, EveryNotationThatTheSystemTakes) {
  EXPECT_EQ(NumericAddress("0x7f.1"), "127.0.0.1");
  EXPECT_EQ(NumericAddress("2130706433"), "127.0.0.1");
  EXPECT_EQ(NumericAddress("::FFFF:7f00:1"), "::ffff:127.0.0.1");
  EXPECT_EQ(NumericAddress("registry.example"), "");
}

}  // namespace
}  // namespace landwaiter::http
