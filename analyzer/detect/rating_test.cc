#include "analyzer/detect/rating.h"

#include "gtest/gtest.h"

namespace landwaiter::analyzer::detect {
namespace {

using model::Severity;

constexpr char kHigh31[] = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H";
constexpr char kCritical31[] = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
constexpr char kLow2[] = "AV:L/AC:H/Au:N/C:N/I:N/A:P";
constexpr char kMedium40[] =
    "CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:L/VI:L/VA:L/SC:N/SI:N/SA:N";

TEST(RateTest, TheSourcesWordForThePackageGoesFirst) {
  advisory::Details details{.severity = Severity::kHigh, .feed = "f"};
  EXPECT_EQ(Rate(Severity::kLow, details, nullptr).severity, Severity::kLow);
  EXPECT_EQ(Rate(Severity::kUnknown, details, nullptr).severity,
            Severity::kHigh);
  EXPECT_EQ(Rate(Severity::kUnknown, details, nullptr).source, "f");
}

TEST(RateTest, ItsOwnVectorsGoBeforeThoseOfOthers) {
  advisory::Details details{.feed = "f", .cvss = {{"", kHigh31}}};
  advisory::Enrichment known{.cvss = {{"nvd@nist.gov", kCritical31}}};
  const Rating rating = Rate(Severity::kUnknown, details, &known);
  EXPECT_EQ(rating.severity, Severity::kHigh);
  EXPECT_EQ(rating.source, "f CVSS 3.1");
}

TEST(RateTest, TheNewestVersionGoesFirstThenTheVendor) {
  const advisory::Details details;
  advisory::Enrichment known{.cvss = {{"nvd@nist.gov", kLow2},
                                      {"nvd@nist.gov", kCritical31},
                                      {"cna@example.org", kHigh31}}};
  EXPECT_EQ(Rate(Severity::kUnknown, details, &known).source,
            "cna@example.org CVSS 3.1");
  known.cvss.push_back({"nvd@nist.gov", kMedium40});
  EXPECT_EQ(Rate(Severity::kUnknown, details, &known).source,
            "nvd@nist.gov CVSS 4.0");
}

TEST(RateTest, NobodysRatingIsUnknown) {
  advisory::Enrichment known{.cvss = {{"x", "CVSS:9/what"}}};
  EXPECT_EQ(Rate(Severity::kUnknown, {}, &known).severity, Severity::kUnknown);
  EXPECT_EQ(Rate(Severity::kUnknown, {}, nullptr).source, "");
}

TEST(PriorityTest, ItIsWithinAHundredAndGrowsWithEachReason) {
  Urgency urgency{.severity = Severity::kCritical};
  EXPECT_EQ(PriorityOf(urgency), 45);
  urgency.fixable = true;
  EXPECT_EQ(PriorityOf(urgency), 50);
  urgency.epss = 33'333;  // half a point
  EXPECT_EQ(PriorityOf(urgency), 50);
  urgency.epss = 33'334;
  EXPECT_EQ(PriorityOf(urgency), 51);
  urgency.epss = 1'000'000;
  EXPECT_EQ(PriorityOf(urgency), 65);
  urgency.exploited = true;
  EXPECT_EQ(PriorityOf(urgency), 95);
  urgency.ransomware = true;
  EXPECT_EQ(PriorityOf(urgency), 100);
  EXPECT_EQ(PriorityOf({.malicious = true}), 100);
  EXPECT_EQ(PriorityOf({.severity = Severity::kNegligible}), 2);
}

TEST(PriorityTest, WhatIsExploitedGoesBeforeWhatIsOnlySevere) {
  EXPECT_GT(PriorityOf({.severity = Severity::kHigh, .exploited = true}),
            PriorityOf({.severity = Severity::kCritical, .fixable = true}));
}

}  // namespace
}  // namespace landwaiter::analyzer::detect
