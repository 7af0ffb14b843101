#include "core/http/no_proxy.h"

#include "gtest/gtest.h"

namespace landwaiter::http {
namespace {

TEST(NoProxyTest, ANameStandsForItsSubdomains) {
  EXPECT_TRUE(BypassesProxy("a.example, B.example", "b.example", 443));
  EXPECT_TRUE(BypassesProxy("b.example", "x.B.example", 443));
  EXPECT_FALSE(BypassesProxy("b.example", "ab.example", 443));
}

TEST(NoProxyTest, ALeadingDotMeansSubdomainsOnly) {
  EXPECT_TRUE(BypassesProxy(".svc", "x.svc", 443));
  EXPECT_TRUE(BypassesProxy("*.svc", "x.svc", 443));
  EXPECT_FALSE(BypassesProxy(".svc", "svc", 443));
}

TEST(NoProxyTest, AddressesAndBlocks) {
  EXPECT_TRUE(BypassesProxy("10.0.0.0/8", "10.255.1.2", 80));
  EXPECT_FALSE(BypassesProxy("10.0.0.0/8", "11.0.0.1", 80));
  EXPECT_TRUE(BypassesProxy("fd00::/9", "fd7f::1", 80));
  EXPECT_FALSE(BypassesProxy("fd00::/9", "fd80::1", 80));
  EXPECT_TRUE(BypassesProxy("192.0.2.7", "192.0.2.7", 80));
  EXPECT_FALSE(BypassesProxy("10.0.0.0/99", "10.0.0.1", 80));
}

TEST(NoProxyTest, APortNarrows) {
  EXPECT_TRUE(BypassesProxy("h.example:8443", "h.example", 8443));
  EXPECT_FALSE(BypassesProxy("h.example:8443", "h.example", 443));
}

TEST(NoProxyTest, StarAndNothing) {
  EXPECT_TRUE(BypassesProxy("*", "anything", 1));
  EXPECT_FALSE(BypassesProxy("", "anything", 1));
  EXPECT_FALSE(BypassesProxy(" , ,", "anything", 1));
}

}  // namespace
}  // namespace landwaiter::http
