#include "core/wire/task.h"

#include "gtest/gtest.h"

namespace landwaiter::wire {
namespace {

TEST(TaskTest, SpecReadsBack) {
  model::TaskSpec spec;
  spec.uid = "u";
  spec.type = model::TaskType::kImageScan;
  spec.registries = {"r"};
  spec.scope.include = {"team/**"};
  spec.scope.updated_within = absl::Hours(168);
  spec.timeout = absl::Hours(4);
  v1::TaskSpec proto;
  ToProto(spec, &proto);
  const model::TaskSpec back = FromProto(proto);
  EXPECT_EQ(back.type, spec.type);
  EXPECT_EQ(back.scope.include, spec.scope.include);
  EXPECT_EQ(back.scope.updated_within, spec.scope.updated_within);
  EXPECT_TRUE(back.scope.untagged);
  EXPECT_EQ(back.timeout, spec.timeout);
}

TEST(TaskTest, AScopeWithoutATimeRangeHasNone) {
  EXPECT_EQ(FromProto(v1::TaskSpec()).scope.updated_within,
            absl::InfiniteDuration());
}

TEST(TaskTest, AClientThatDoesNotKnowOfCategoriesWantsAll) {
  v1::TaskSpec proto;
  EXPECT_TRUE(FromProto(proto).Wants(model::Category::kSystem));
  EXPECT_TRUE(FromProto(proto).Wants(model::Category::kApplication));
  proto.set_application_vulnerabilities(true);
  EXPECT_FALSE(FromProto(proto).Wants(model::Category::kSystem));
  EXPECT_TRUE(FromProto(proto).Wants(model::Category::kApplication));
}

TEST(TaskTest, StatusReadsBack) {
  model::TaskStatus status;
  status.phase = model::TaskPhase::kPartiallySucceeded;
  status.images = {6, 1, 2, 1, 1, 1};
  status.vulnerabilities.system.Add(model::Severity::kCritical, 2);
  status.vulnerabilities.application.Add(model::Severity::kLow);
  status.top = {{"CVE-1", model::Severity::kHigh, "p", "1", "2", "i", 40}};
  status.failures = {{"i", {"NetworkError", "", "m", true, absl::Seconds(5)}}};
  status.start = absl::FromUnixSeconds(1'700'000'000);
  v1::TaskStatus proto;
  ToProto(status, &proto);
  const model::TaskStatus back = FromProto(proto);
  EXPECT_EQ(back.phase, status.phase);
  EXPECT_EQ(back.images, status.images);
  EXPECT_EQ(back.vulnerabilities, status.vulnerabilities);
  EXPECT_EQ(back.top[0].severity, model::Severity::kHigh);
  EXPECT_EQ(back.top[0].priority, 40);
  EXPECT_EQ(back.failures[0].failure, status.failures[0].failure);
  EXPECT_EQ(back.start, status.start);
  EXPECT_EQ(back.completion, absl::InfinitePast());
  EXPECT_EQ(back.deadline, absl::InfiniteFuture());
}

TEST(TaskTest, AValueFromTheFutureIsUnknown) {
  v1::TaskStatus proto;
  proto.set_phase(static_cast<v1::TaskPhase>(99));
  EXPECT_EQ(FromProto(proto).phase, model::TaskPhase::kUnknown);
}

}  // namespace
}  // namespace landwaiter::wire
