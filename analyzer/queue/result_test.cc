#include "analyzer/queue/result.h"

#include <algorithm>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace landwaiter::analyzer::queue {
namespace {

using model::Finding;
using model::Severity;
using model::TopFinding;
using testing::ElementsAre;
using testing::SizeIs;

Finding Found(const std::string& id, const std::string& package,
              Severity severity, const std::string& fixed = "") {
  return {.id = "CVE-" + id,
          .advisory = "DSA-" + id,
          .package = package,
          .severity = severity,
          .fixed_version = fixed};
}

std::vector<Finding> Sorted(std::vector<Finding> findings) {
  SortFindings(findings);
  return findings;
}

std::vector<std::string> Lines(const std::vector<TopFinding>& top) {
  std::vector<std::string> lines;
  for (const TopFinding& finding : top) {
    lines.push_back(finding.id + " " + finding.package + " " + finding.image);
  }
  return lines;
}

TEST(MergeTopTest, AVulnerabilityOfManyPackagesAndImagesIsNamedOnce) {
  std::vector<TopFinding> top;
  for (const char* image : {"b", "a"}) {
    MergeTop(Sorted({Found("1", "libssl", Severity::kHigh),
                     Found("1", "openssl", Severity::kHigh),
                     Found("2", "tar", Severity::kLow)}),
             image, {}, top);
  }
  EXPECT_THAT(Lines(top), ElementsAre("CVE-1 libssl a", "CVE-2 tar a"));
}

TEST(MergeTopTest, WhatIsUrgentGoesBeforeWhatIsSevere) {
  std::vector<Finding> findings = {Found("1", "a", Severity::kCritical),
                                   Found("2", "b", Severity::kHigh)};
  findings[1].priority = 70;
  std::vector<TopFinding> top;
  MergeTop(Sorted(findings), "image", {}, top);
  EXPECT_THAT(Lines(top), ElementsAre("CVE-2 b image", "CVE-1 a image"));
}

TEST(MergeTopTest, OnlyTheCategoriesThatTheTaskIsForAreNamed) {
  std::vector<Finding> findings = {Found("1", "a", Severity::kCritical),
                                   Found("2", "b", Severity::kHigh)};
  findings[1].category = model::Category::kApplication;
  model::TaskSpec spec;
  spec.system_vulnerabilities = false;
  std::vector<TopFinding> top;
  MergeTop(Sorted(findings), "image", spec, top);
  EXPECT_THAT(Lines(top), ElementsAre("CVE-2 b image"));
}

TEST(MergeTopTest, TheOrderOfImagesDoesNotMatter) {
  std::vector<std::vector<Finding>> images;
  for (int i = 0; i < 12; ++i) {
    const std::string id = std::to_string(i % 7);
    images.push_back(
        Sorted({Found(id, "p" + std::to_string(i), Severity(i % 4)),
                Found("x" + id, "q", Severity::kMedium, "2"),
                Found("y" + std::to_string(i), "r", Severity::kLow)}));
  }
  std::vector<int> order = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  std::vector<std::string> first;
  for (int round = 0; round < 50; ++round) {
    std::vector<TopFinding> top;
    for (const int i : order) {
      MergeTop(images[i], "image" + std::to_string(i), {}, top);
    }
    EXPECT_THAT(top, SizeIs(kMaxTop));
    if (round == 0) first = Lines(top);
    EXPECT_EQ(Lines(top), first);
    std::next_permutation(order.begin() + round % 6, order.end());
    std::rotate(order.begin(), order.begin() + 5, order.end());
  }
}

TEST(MergeTopTest, ManyPackagesOfOneVulnerabilityDoNotHideTheOthers) {
  std::vector<Finding> findings;
  for (int i = 0; i < 100; ++i) {
    findings.push_back(
        Found("1", "linux-" + std::to_string(i), Severity::kCritical));
  }
  findings.push_back(Found("2", "zlib", Severity::kLow));
  std::vector<TopFinding> top;
  MergeTop(Sorted(findings), "image", {}, top);
  EXPECT_THAT(Lines(top),
              ElementsAre("CVE-1 linux-0 image", "CVE-2 zlib image"));
}

}  // namespace
}  // namespace landwaiter::analyzer::queue
