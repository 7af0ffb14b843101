#include "operator/certificates/rotation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace landwaiter::certificates {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);

RotationOptions Options() {
  return {
      .server = {"landwaiter-analyzer", {"analyzer.ns.svc", "analyzer"}, true},
      .client = {"landwaiter-operator", {"landwaiter-operator"}, false}};
}

Rotation Step(const CertificateSet& set, absl::Time now) {
  auto rotation = Rotate(set, Options(), now);
  EXPECT_TRUE(rotation.ok()) << rotation.status();
  return *rotation;
}

TEST(RotationTest, FirstTimeMakesAll) {
  const Rotation first = Step({}, kStart);
  const CertificateSet& set = first.set;
  EXPECT_TRUE(Matches(set.server, Options().server, set.ca.certificate));
  EXPECT_TRUE(Matches(set.client, Options().client, set.ca.certificate));
  EXPECT_TRUE(set.next_ca.empty());
  EXPECT_EQ(set.Bundle(), set.ca.certificate);
  EXPECT_GT(first.next, kStart + absl::Hours(24 * 59));
}

TEST(RotationTest, NothingChangesBeforeItsTime) {
  const Rotation first = Step({}, kStart);
  EXPECT_EQ(Step(first.set, kStart + absl::Hours(24 * 59)).set, first.set);
  EXPECT_EQ(Step(first.set, first.next - absl::Seconds(1)).set, first.set);
}

TEST(RotationTest, LeavesAreReplacedAfterTwoThirdsOfTheirLife) {
  const Rotation first = Step({}, kStart);
  const Rotation second = Step(first.set, first.next);
  EXPECT_EQ(second.set.ca, first.set.ca);
  EXPECT_NE(second.set.server, first.set.server);
  EXPECT_NE(second.set.client, first.set.client);
}

TEST(RotationTest, NewNamesAreIssuedAtOnce) {
  const Rotation first = Step({}, kStart);
  RotationOptions options = Options();
  options.server.dns_names.push_back("other.example");
  const auto second = Rotate(first.set, options, kStart + absl::Hours(1));
  ASSERT_TRUE(second.ok());
  EXPECT_NE(second->set.server, first.set.server);
  EXPECT_EQ(second->set.client, first.set.client);
}

TEST(RotationTest, CaIsTrustedBeforeItSignsAndUntilItExpires) {
  CertificateSet set = Step({}, kStart).set;
  const KeyPair old_ca = set.ca;
  const absl::Time renew = ReadValidity(old_ca.certificate)->RenewAt();

  // The next CA is trusted, the old one still signs.
  set = Step(set, renew).set;
  ASSERT_FALSE(set.next_ca.empty());
  const KeyPair new_ca = set.next_ca;
  EXPECT_THAT(set.Bundle(), HasSubstr(new_ca.certificate));
  EXPECT_TRUE(Matches(set.server, Options().server, old_ca.certificate));
  EXPECT_EQ(Step(set, renew + absl::Hours(23)).set, set);

  // Now it signs; the old one is still trusted.
  set = Step(set, renew + absl::Hours(25)).set;
  EXPECT_EQ(set.ca, new_ca);
  EXPECT_TRUE(Matches(set.server, Options().server, new_ca.certificate));
  EXPECT_TRUE(Matches(set.client, Options().client, new_ca.certificate));
  EXPECT_THAT(set.Bundle(), HasSubstr(old_ca.certificate));

  // Until it expires.
  const absl::Time expired = ReadValidity(old_ca.certificate)->until;
  EXPECT_THAT(Step(set, expired).set.Bundle(),
              Not(HasSubstr(old_ca.certificate)));
}

TEST(RotationTest, WhatCannotBeReadIsReplaced) {
  CertificateSet set = Step({}, kStart).set;
  set.server.certificate = "not PEM";
  EXPECT_TRUE(Matches(Step(set, kStart).set.server, Options().server,
                      set.ca.certificate));
  set.ca.certificate = "not PEM";
  const CertificateSet fresh = Step(set, kStart).set;
  EXPECT_TRUE(Matches(fresh.client, Options().client, fresh.ca.certificate));
}

}  // namespace
}  // namespace landwaiter::certificates
