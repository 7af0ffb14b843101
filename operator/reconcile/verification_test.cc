#include "operator/reconcile/verification.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nlohmann/json.hpp"

namespace landwaiter::reconcile {
namespace {

using kube::Json;

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

jobs::VerifyResult Failed(const std::string& code) { return {.code = code}; }

TEST(VerificationTest, StatusComesBackAsItWasWritten) {
  const Verification record{.fingerprint = "f",
                            .time = kNow,
                            .next = kNow + absl::Minutes(4),
                            .failures = 3};
  const Verification read = Verification::FromStatus(
      {{"status", {{"verification", record.ToJson()}}}});
  EXPECT_EQ(read.fingerprint, "f");
  EXPECT_EQ(read.time, record.time);
  EXPECT_EQ(read.next, record.next);
  EXPECT_EQ(read.failures, 3);
  const Verification none = Verification::FromStatus(Json::object());
  EXPECT_EQ(none.next, absl::InfiniteFuture());
  EXPECT_EQ(none.time, absl::InfinitePast());
}

TEST(VerificationTest, NetworkFaultsBackOffToHalfAnHour) {
  Verification last;
  for (const int minutes : {1, 2, 4, 8, 16, 30, 30}) {
    last =
        Record(last, "f", Failed("NetworkConnectError"), absl::Hours(6), kNow);
    EXPECT_EQ(last.next, kNow + absl::Minutes(minutes));
  }
  // Something changed: from the beginning.
  EXPECT_EQ(
      Record(last, "g", Failed("NetworkConnectError"), absl::Hours(6), kNow)
          .next,
      kNow + absl::Minutes(1));
}

TEST(VerificationTest, RefusalsAreNotTriedAgain) {
  for (const char* code :
       {"FailedToVerifyUsernameOrPwd", "UserDoesNotHaveAdminRole",
        "RegistryVersionError"}) {
    EXPECT_EQ(Record({}, "f", Failed(code), absl::Hours(6), kNow).next,
              absl::InfiniteFuture());
  }
}

TEST(VerificationTest, AttemptsOfOneRecordShareAnIdAndTheNextHasAnother) {
  const Verification first;
  EXPECT_EQ(AttemptId(first, "f"), AttemptId(first, "f"));
  const Verification second =
      Record(first, "f", Failed("NetworkConnectError"), absl::Hours(6), kNow);
  EXPECT_NE(AttemptId(second, "f"), AttemptId(first, "f"));
}

TEST(VerificationTest, FingerprintFollowsWhatATryDependsOn) {
  api::ImageRegistry registry;
  registry.url = "https://a.example";
  const std::string before = FingerprintOf(registry, "v1", "c", "agent:1");
  EXPECT_EQ(FingerprintOf(registry, "v1", "c", "agent:1"), before);
  EXPECT_NE(FingerprintOf(registry, "v2", "c", "agent:1"), before);
  EXPECT_NE(FingerprintOf(registry, "v1", "d", "agent:1"), before);
  EXPECT_NE(FingerprintOf(registry, "v1", "c", "agent:2"), before);
  registry.verify_request = "now";
  EXPECT_NE(FingerprintOf(registry, "v1", "c", "agent:1"), before);
  registry.verify_request.clear();
  registry.images_per_hour = 99;  // has nothing to do with it
  EXPECT_EQ(FingerprintOf(registry, "v1", "c", "agent:1"), before);
}

TEST(VerificationTest, JobThatLeftNothingIsAFaultOfTheNetwork) {
  const auto job = std::make_shared<const Json>(Json{
      {"status",
       {{"conditions",
         Json::array({{{"type", "Failed"},
                       {"status", "True"},
                       {"message", "DeadlineExceeded"},
                       {"lastTransitionTime", kube::TimeText(kNow)}}})}}}});
  const AttemptJob attempt{job, {}};
  // Its pod may be seen a little later.
  EXPECT_EQ(NextStep({}, "f", attempt, kNow).kind, VerificationStep::kWait);
  const VerificationStep step =
      NextStep({}, "f", attempt, kNow + absl::Seconds(10));
  EXPECT_EQ(step.kind, VerificationStep::kRecord);
  EXPECT_EQ(step.result.code, "NetworkConnectError");
  EXPECT_EQ(step.result.cause, "Timeout");
}

}  // namespace
}  // namespace landwaiter::reconcile
