#include "core/wire/finding.h"

#include "gtest/gtest.h"

namespace landwaiter::wire {
namespace {

TEST(FindingTest, AFindingReadsBack) {
  const model::Finding finding{.id = "CVE-1",
                               .category = model::Category::kApplication,
                               .advisory = "GHSA-1",
                               .aliases = {"PYSEC-1"},
                               .package = "p",
                               .source_package = "s",
                               .type = "pypi",
                               .installed_version = "1",
                               .path = std::string("lib/\xff", 5),
                               .location = "a.jar!/b",
                               .declared = true,
                               .development = true,
                               .severity = model::Severity::kHigh,
                               .severity_source = "osv",
                               .priority = 71,
                               .exploited = true,
                               .epss = 975230,
                               .state = model::FindingState::kWillNotFix,
                               .statement = "no",
                               .summary = "what",
                               .fixed_version = "2",
                               .fix_command = "pip install p==2",
                               .impact = "major",
                               .feed = "osv",
                               .range = "introduced 0, fixed 2",
                               .database = "v1",
                               .layer = model::Digest::Of("layer"),
                               .instruction = "RUN pip install p"};
  v1::Finding proto;
  ToProto(finding, &proto);
  EXPECT_EQ(FromProto(proto), finding);
}

TEST(FindingTest, ValuesFromTheFutureAreTheFirst) {
  v1::Finding proto;
  proto.set_state(static_cast<v1::FindingState>(77));
  proto.set_category(static_cast<v1::FindingCategory>(77));
  proto.set_priority(4000);
  const model::Finding finding = FromProto(proto);
  EXPECT_EQ(finding.state, model::FindingState::kAffected);
  EXPECT_EQ(finding.category, model::Category::kSystem);
  EXPECT_EQ(finding.priority, 100);
}

}  // namespace
}  // namespace landwaiter::wire
