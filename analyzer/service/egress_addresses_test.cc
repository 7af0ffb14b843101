#include "analyzer/service/egress_addresses.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/strings.h"

namespace landwaiter::analyzer::service {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const model::Tenant kTenant = {"control", "team"};

TEST(EgressAddressesTest, TheNewestIsFirstAndEachIsThereOnce) {
  EgressAddresses addresses;
  addresses.Note(kTenant, "c", "ipv4:203.0.113.7:4711");
  addresses.Note(kTenant, "c", "ipv6:%5B2001:db8::1%5D:4711");
  addresses.Note(kTenant, "c", "ipv6:%5B::ffff:203.0.113.8%5D:4711");
  addresses.Note(kTenant, "c", "ipv4:203.0.113.7:4712");
  EXPECT_THAT(addresses.List(kTenant, "c"),
              ElementsAre("203.0.113.7", "203.0.113.8", "2001:db8::1"));
}

TEST(EgressAddressesTest, ClustersAndTenantsAreApart) {
  EgressAddresses addresses;
  addresses.Note(kTenant, "c", "ipv4:203.0.113.7:1");
  EXPECT_THAT(addresses.List(kTenant, "d"), IsEmpty());
  EXPECT_THAT(addresses.List({"control", "other"}, "c"), IsEmpty());
}

TEST(EgressAddressesTest, TheListIsBoundedAndTakesNothingButAddresses) {
  EgressAddresses addresses;
  addresses.Note(kTenant, "c", "unix:/run/socket:1");
  addresses.Note(kTenant, "c", "ipv4:");
  EXPECT_THAT(addresses.List(kTenant, "c"), IsEmpty());
  for (int i = 0; i < 100; ++i) {
    addresses.Note(kTenant, "c", base::StrCat("ipv4:10.0.0.", i, ":1"));
  }
  EXPECT_THAT(addresses.List(kTenant, "c"), SizeIs(16));
  EXPECT_EQ(addresses.List(kTenant, "c").front(), "10.0.0.99");
}

}  // namespace
}  // namespace landwaiter::analyzer::service
