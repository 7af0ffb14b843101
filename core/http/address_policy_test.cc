#include "core/http/address_policy.h"

#include <arpa/inet.h>

#include <cstdio>
#include <map>

#include "core/base/failure.h"
#include "core/base/strings.h"
#include "gtest/gtest.h"
#include "tests/support/http_server.h"

namespace landwaiter::http {
namespace {

using test::Answer;
using test::HttpServer;
using test::SeenRequest;

using V4 = std::array<unsigned, 4>;

template <typename... Args>
std::string Print(const char* format, Args... args) {
  char text[80];
  std::snprintf(text, sizeof(text), format, args...);
  return text;
}

// Ways to write an IPv4 address that getaddrinfo takes.
std::vector<std::string> V4Notations(const V4& a) {
  const unsigned all = a[0] << 24 | a[1] << 16 | a[2] << 8 | a[3];
  const unsigned last3 = a[1] << 16 | a[2] << 8 | a[3];
  const unsigned last2 = a[2] << 8 | a[3];
  return {
      Print("%u.%u.%u.%u", a[0], a[1], a[2], a[3]),
      Print("%u", all),
      Print("0x%x", all),
      Print("0X%08X", all),
      Print("0%o", all),
      Print("%u.%u", a[0], last3),
      Print("0x%x.0x%x", a[0], last3),
      Print("%u.%u.%u", a[0], a[1], last2),
      Print("0%o.0%o.0%o.0%o", a[0], a[1], a[2], a[3]),
      Print("000%o.%u.0x%x.%u", a[0], a[1], a[2], a[3]),
      Print("0x%x.0x%x.0x%x.0x%x", a[0], a[1], a[2], a[3]),
      Print("0x%02x.%u.%u.0%o", a[0], a[1], a[2], a[3]),
  };
}

// The ways to wrap it in an IPv6 address.
std::vector<std::string> Wrapped(const V4& a) {
  const unsigned high = a[0] << 8 | a[1];
  const unsigned low = a[2] << 8 | a[3];
  const std::string dotted = Print("%u.%u.%u.%u", a[0], a[1], a[2], a[3]);
  return {
      "::ffff:" + dotted,
      "::FFFF:" + dotted,
      "0:0:0:0:0:ffff:" + dotted,
      Print("::ffff:%x:%x", high, low),
      Print("0000:0000:0000:0000:0000:ffff:%04x:%04x", high, low),
      "::" + dotted,
      "::ffff:0:" + dotted,
      "64:ff9b::" + dotted,
      Print("64:ff9b::%x:%x", high, low),
      Print("64:ff9b:0:0:0:0:%x:%x", high, low),
      "64:ff9b:1::" + dotted,
      Print("64:ff9b:1:%x:%x:%x::", high, low >> 8, (low & 0xFF) << 8),
      Print("2002:%x:%x::", high, low),
      Print("2002:%x:%x:1234::5678", high, low),
      Print("2001:0:%x:%x:8000:f000:f5f5:f5f5", high, low),
      Print("2001:0:808:808:8000:1234:%x:%x", high ^ 0xFFFF, low ^ 0xFFFF),
      "2600:1f18::5efe:" + dotted,
      "fd12:3456::200:5efe:" + dotted,
  };
}

std::vector<std::string> AllForbidden() {
  const V4 v4[] = {
      {127, 0, 0, 1},       {127, 1, 2, 3},      {127, 255, 255, 254},
      {169, 254, 169, 254}, {169, 254, 170, 2},  {169, 254, 0, 1},
      {100, 100, 100, 200}, {168, 63, 129, 16},  {192, 0, 0, 192},
      {0, 0, 0, 0},         {0, 1, 2, 3},        {224, 0, 0, 1},
      {239, 255, 255, 250}, {255, 255, 255, 255}};
  std::vector<std::string> all = {
      "::1", "::", "0:0:0:0:0:0:0:1", "0000::0001", "fe80::1", "febf::1",
      "fd00:ec2::254", "FD00:0EC2:0:0:0:0:0:254", "fd00:ec2::23",
      "fd20:ce::254", "fd00:42::42", "ff02::1", "ff0e::101",
      // Short notations that name 127.0.0.1 and 0.0.0.0.
      "127.1", "0x7f.1", "0177.1", "127.0.1", "0"};
  for (const V4& address : v4) {
    for (std::string& text : V4Notations(address)) {
      all.push_back(std::move(text));
    }
    for (std::string& text : Wrapped(address)) all.push_back(std::move(text));
  }
  return all;
}

AddressPolicy PolicyOf(const std::vector<std::string>& allowed) {
  auto policy = NewAddressPolicy(allowed, "agent.allowedAddresses");
  EXPECT_TRUE(policy.ok()) << policy.status();
  return *std::move(policy);
}

TEST(AddressPolicyTest, NoEncodingOfAForbiddenAddressIsConnectedTo) {
  HttpServer server([](const SeenRequest&) { return Answer(); });
  const std::vector<std::string> all = AllForbidden();
  EXPECT_GE(all.size(), 400u);
  for (const std::string& host : all) {
    ClientOptions options{.base = server.url(), .address_policy = PolicyOf({})};
    options.base.host = host;
    const auto response = (*NewClient(options))->Send({.target = "/"});
    ASSERT_FALSE(response.ok()) << host;
    EXPECT_EQ(base::FailureCodeOf(response.status()),
              base::FailureCode::kNetworkConnectError)
        << host;
    EXPECT_EQ(base::FailureCauseOf(response.status()), "BlockedAddress")
        << host << ": " << response.status();
    EXPECT_TRUE(base::Contains(base::ToStd(response.status().message()),
                               "agent.allowedAddresses"));
  }
  EXPECT_TRUE(server.Seen().empty());
}

// Neither does a name that leads there, a forwarder, nor a proxy.
TEST(AddressPolicyTest, NoOtherWayLeadsThere) {
  HttpServer server([](const SeenRequest&) { return Answer(); });
  const auto refused = [&](ClientOptions options) {
    options.address_policy = PolicyOf({"192.0.2.0/24"});
    if (options.base.host.empty()) options.base = server.url();
    const auto response = (*NewClient(options))->Send({.target = "/"});
    return !response.ok() &&
           base::FailureCauseOf(response.status()) == "BlockedAddress";
  };
  Url named = server.url();
  named.host = "registry.example";
  const std::string proxy = server.url().Origin();
  EXPECT_TRUE(refused({.base = named, .resolver = [](const std::string&) {
                         return std::vector<std::string>{"::ffff:7f00:1"};
                       }}));
  EXPECT_TRUE(refused({.base = named, .connect_ip = "127.0.0.1"}));
  EXPECT_TRUE(refused({.base = named, .connect_ip = "0x7f000001"}));
  EXPECT_TRUE(refused({.base = named, .proxy = {.url = proxy}}));
  Url localhost = server.url();
  localhost.host = "localhost";
  EXPECT_TRUE(refused({.base = localhost}));
  EXPECT_TRUE(server.Seen().empty());
}

// The proxy itself is allowed here; it is not asked for what is not.
TEST(AddressPolicyTest, AProxyIsNotAskedForForbiddenHosts) {
  HttpServer server([](const SeenRequest&) { return Answer(); });
  for (const char* host :
       {"169.254.169.254", "0xa9fea9fe", "::ffff:a9fe:a9fe", "localhost",
        "a.localhost", "metadata.google.internal", "fd00:ec2::254"}) {
    ClientOptions options{.base = *Url::Parse("http://x/"),
                          .proxy = {.url = server.url().Origin()},
                          .address_policy = PolicyOf({"127.0.0.2/31"})};
    options.base.host = host;
    const auto response = (*NewClient(options))->Send({.target = "/"});
    EXPECT_EQ(base::FailureCauseOf(response.status()), "BlockedAddress")
        << host;
  }
  EXPECT_TRUE(server.Seen().empty());
}

TEST(AddressPolicyTest, OrdinaryAddressesArePrivateOnesToo) {
  const AddressPolicy policy = PolicyOf({});
  for (const char* address :
       {"10.244.0.1", "192.168.1.1", "172.16.0.1", "100.64.0.1",
        "100.100.100.201", "8.8.8.8", "126.255.255.255", "128.0.0.1",
        "169.253.255.255", "223.255.255.255", "fd00::1", "2001:db8::1",
        "2606:4700::1111", "64:ff9b::8.8.8.8", "2002:808:808::1",
        "::ffff:10.0.0.1", "2001:0:808:808:8000:f000:f7f7:f7f7"}) {
    EXPECT_TRUE(policy(address).ok()) << policy(address);
  }
  EXPECT_FALSE(policy("registry.example").ok());
}

TEST(AddressPolicyTest, WhatAnAdministratorAllowsIsConnectedTo) {
  const AddressPolicy policy =
      PolicyOf({"127.0.0.0/8", "fe80::/10", "10.0.0.7"});
  EXPECT_TRUE(policy("127.3.2.1").ok());
  EXPECT_TRUE(policy("::ffff:127.0.0.1").ok());
  EXPECT_TRUE(policy("64:ff9b::127.0.0.1").ok());
  EXPECT_TRUE(policy("fe80::1%lo").ok());
  EXPECT_FALSE(policy("::1").ok());
  EXPECT_FALSE(policy("169.254.169.254").ok());
  EXPECT_TRUE(PolicyOf({"0.0.0.0/0"})("169.254.169.254").ok());
  EXPECT_TRUE(PolicyOf({"::1"})("::1").ok());
}

// A Teredo address holds two; the allowed one does not excuse the other.
TEST(AddressPolicyTest, AnAllowedAddressExcusesNoOther) {
  const AddressPolicy policy = PolicyOf({"10.0.0.0/8"});
  EXPECT_FALSE(policy("2001:0:a00:1:8000:f000:80ff:fffe").ok());
}

TEST(AddressPolicyTest, WhatIsNoBlockIsSaid) {
  for (const char* bad : {"", "10.0.0.0/33", "example", "10.0.0/8", "::/129",
                          "10.0.0.0/", "10.0.0.0/-1"}) {
    EXPECT_EQ(NewAddressPolicy({bad}, "x").status().code(),
              absl::StatusCode::kInvalidArgument)
        << bad;
  }
}

}  // namespace
}  // namespace landwaiter::http
