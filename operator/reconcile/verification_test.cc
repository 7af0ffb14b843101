#include "operator/reconcile/verification.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "nlohmann/json.hpp"

namespace landwaiter::reconcile {
namespace {

using kube::Json;

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);
const absl::Time kNever = absl::InfinitePast();  // no listing failed

jobs::VerifyResult Failed(const std::string& code) { return {.code = code}; }

TEST(VerificationTest, StatusComesBackAsItWasWritten) {
  const Verification record{.fingerprint = "f",
                            .time = kNow,
                            .next = kNow + absl::Minutes(4),
                            .failures = 3,
                            .doubts = 2};
  const Verification read = Verification::FromStatus(
      {{"status", {{"verification", record.ToJson()}}}});
  EXPECT_EQ(read.fingerprint, "f");
  EXPECT_EQ(read.time, record.time);
  EXPECT_EQ(read.next, record.next);
  EXPECT_EQ(read.failures, 3);
  EXPECT_EQ(read.doubts, 2);
  const Verification none = Verification::FromStatus(Json::object());
  EXPECT_EQ(none.next, absl::InfiniteFuture());
  EXPECT_EQ(none.time, absl::InfinitePast());
}

TEST(VerificationTest, NetworkFaultsBackOffToHalfAnHour) {
  Verification last;
  for (const int minutes : {1, 2, 4, 8, 16, 30, 30}) {
    last = Record(last, "f", Failed("NetworkConnectError"), absl::Hours(6),
                  kNever, kNow);
    EXPECT_EQ(last.next, kNow + absl::Minutes(minutes));
  }
  // Something changed: from the beginning.
  EXPECT_EQ(Record(last, "g", Failed("NetworkConnectError"), absl::Hours(6),
                   kNever, kNow)
                .next,
            kNow + absl::Minutes(1));
}

TEST(VerificationTest, RefusalsAreNotTriedAgain) {
  for (const char* code :
       {"FailedToVerifyUsernameOrPwd", "UserDoesNotHaveAdminRole",
        "RegistryVersionError"}) {
    EXPECT_EQ(Record({}, "f", Failed(code), absl::Hours(6), kNever, kNow).next,
              absl::InfiniteFuture());
  }
}

TEST(VerificationTest, DoubtBringsForwardOnlyWhatWasFoundGood) {
  const absl::Duration interval = absl::Hours(6);
  const auto next = [&](Verification last, absl::Time doubted) {
    last.time = kNow;
    last.next = kNow + interval;
    return NextAfterDoubt(last, doubted, interval) - kNow;
  };
  const absl::Time late = kNow + absl::Hours(3);
  EXPECT_EQ(next({}, kNever), interval);
  EXPECT_EQ(next({}, kNow - absl::Minutes(1)), interval);  // known since
  EXPECT_EQ(next({}, kNow + absl::Seconds(1)), absl::Minutes(1));
  EXPECT_EQ(next({}, late), absl::Hours(3));
  EXPECT_EQ(next({.doubts = 4}, kNow + absl::Seconds(1)), absl::Minutes(16));
  EXPECT_EQ(next({.doubts = 99}, late), interval);
  EXPECT_EQ(next({.failures = 1}, late), interval);
  // A wrong password waits for a change, whatever listings say.
  const Verification refused = Record(
      {}, "f", Failed("FailedToVerifyUsernameOrPwd"), interval, kNever, kNow);
  EXPECT_EQ(NextAfterDoubt(refused, late, interval), absl::InfiniteFuture());
}

TEST(VerificationTest, AttemptsOfOneRecordShareAnIdAndTheNextHasAnother) {
  const Verification first;
  EXPECT_EQ(AttemptId(first, "f"), AttemptId(first, "f"));
  const Verification second = Record(first, "f", Failed("NetworkConnectError"),
                                     absl::Hours(6), kNever, kNow);
  EXPECT_NE(AttemptId(second, "f"), AttemptId(first, "f"));
}

TEST(VerificationTest, FingerprintChangesWithWhatATryDependsOn) {
  const auto fingerprint = [](std::function<void(jobs::JobRequest&)> change =
                                  nullptr,
                              const std::string& credentials = "v1") {
    jobs::JobRequest request;
    request.kind = jobs::JobKind::kVerify;
    request.registry.url = "https://h";
    request.cluster.uid = "c";
    request.component.image = "agent:1";
    if (change) change(request);
    return FingerprintOf(request, credentials);
  };
  const std::string before = fingerprint();
  EXPECT_EQ(fingerprint(), before);
  EXPECT_NE(fingerprint(nullptr, "v2"), before);
  const std::function<void(jobs::JobRequest&)> kChanges[] = {
      [](jobs::JobRequest& r) { r.cluster.uid = "d"; },
      [](jobs::JobRequest& r) { r.component.image = "agent:2"; },
      [](jobs::JobRequest& r) { r.component.allowed_addresses = {"::1/128"}; },
      [](jobs::JobRequest& r) { r.registry.connect_ip = "10.0.0.7"; },
      [](jobs::JobRequest& r) { r.registry.region = "cn-hangzhou"; },
      [](jobs::JobRequest& r) { r.registry.private_network = true; },
      [](jobs::JobRequest& r) { r.registry.tokens = {{"o", "s", "k"}}; },
      [](jobs::JobRequest& r) { r.registry.component_path = "library"; },
      [](jobs::JobRequest& r) { r.registry.verify_request = "now"; },
  };
  for (const auto& change : kChanges) EXPECT_NE(fingerprint(change), before);
  // What a try does not depend on.
  EXPECT_EQ(fingerprint([](jobs::JobRequest& r) {
              r.registry.images_per_hour = 99;
              r.registry.include = {"a/**"};
              r.name = "verify-x";
            }),
            before);
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
