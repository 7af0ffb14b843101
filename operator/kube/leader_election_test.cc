#include "operator/kube/leader_election.h"

#include "core/base/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "operator/kube/fake/fake_kube_client.h"

namespace landwaiter::kube {
namespace {

LeaderElectionOptions OptionsOf(std::string identity) {
  return {.lease = {"system", "operator"}, .identity = std::move(identity)};
}

class LeaderElectionTest : public testing::Test {
 protected:
  absl::Time Now() { return clock_.Now(); }
  Json Lease() {
    auto lease = server_.Get(kLeases, {"system", "operator"});
    return lease.ok() ? *lease : Json();
  }
  void Cut() {
    server_.FailBefore([](const FakeRequest&) {
      return absl::UnavailableError("no connection");
    });
  }

  base::FakeClock clock_;
  FakeKubeClient server_{&clock_};
  LeaderElector a_{&server_, OptionsOf("a")};
  LeaderElector b_{&server_, OptionsOf("b")};
};

TEST_F(LeaderElectionTest, FirstGetsTheLeaseAndTheSecondWaits) {
  EXPECT_EQ(a_.Step(Now()), Now() + absl::Seconds(2));
  b_.Step(Now());
  EXPECT_TRUE(a_.IsLeader(Now()));
  EXPECT_FALSE(b_.IsLeader(Now()));
  EXPECT_EQ(b_.leader(), "a");
  EXPECT_TRUE(b_.last_error().ok());
  EXPECT_EQ(StringAt(Lease(), {"spec", "holderIdentity"}), "a");
  EXPECT_EQ(Lease()["spec"]["leaseDurationSeconds"], 15);
  EXPECT_EQ(Lease()["spec"]["leaseTransitions"], 0);
}

TEST_F(LeaderElectionTest, RenewingKeepsTheLeaseForHours) {
  a_.Step(Now());
  for (int i = 0; i < 5000; ++i) {
    clock_.Advance(absl::Seconds(2));
    a_.Step(Now());
    b_.Step(Now());
    ASSERT_TRUE(a_.IsLeader(Now()));
    ASSERT_FALSE(b_.IsLeader(Now()));
  }
}

TEST_F(LeaderElectionTest, LeaderWhoCannotRenewEndsBeforeAnotherStarts) {
  a_.Step(Now());
  b_.Step(Now());
  Cut();
  absl::Time ended, started;
  for (int i = 0; i < 200; ++i) {
    clock_.Advance(absl::Milliseconds(100));
    if (ended == absl::Time() && !a_.IsLeader(Now())) ended = Now();
    if (i % 20 == 19) {
      a_.Step(Now());
      server_.FailBefore({});
      b_.Step(Now());
      Cut();
    }
    if (started == absl::Time() && b_.IsLeader(Now())) started = Now();
    ASSERT_FALSE(a_.IsLeader(Now()) && b_.IsLeader(Now()));
  }
  EXPECT_NE(ended, absl::Time());
  EXPECT_GE(started - ended, absl::Seconds(5));
  server_.FailBefore({});
  EXPECT_EQ(Lease()["spec"]["leaseTransitions"], 1);
}

TEST_F(LeaderElectionTest, ClocksOfOthersAreNotTrusted) {
  a_.Step(Now());
  // b's clock is an hour ahead: it still waits a whole lease from seeing it.
  absl::Time b_now = Now() + absl::Hours(1);
  b_.Step(b_now);
  b_.Step(b_now + absl::Seconds(14));
  EXPECT_FALSE(b_.IsLeader(b_now + absl::Seconds(14)));
  b_.Step(b_now + absl::Seconds(15));
  EXPECT_TRUE(b_.IsLeader(b_now + absl::Seconds(15)));
}

TEST_F(LeaderElectionTest, ReleasedLeaseIsTakenAtOnce) {
  a_.Step(Now());
  b_.Step(Now());
  ASSERT_TRUE(a_.Release(Now()).ok());
  EXPECT_FALSE(a_.IsLeader(Now()));
  b_.Step(Now());
  EXPECT_TRUE(b_.IsLeader(Now()));
  // a does not take away what is not its own any more.
  ASSERT_TRUE(a_.Release(Now()).ok());
  EXPECT_EQ(StringAt(Lease(), {"spec", "holderIdentity"}), "b");
}

TEST_F(LeaderElectionTest, OfTwoWhoWriteAtOnceOneWins) {
  a_.Step(Now());
  clock_.Advance(absl::Seconds(1));
  b_.Step(Now());
  clock_.Advance(absl::Seconds(20));
  LeaderElector c(&server_, OptionsOf("c"));
  c.Step(Now() - absl::Seconds(20));
  // c writes between b's read and b's write.
  bool raced = false;
  server_.FailBefore([&](const FakeRequest& request) {
    if (request.verb == "update" && !raced) {
      raced = true;
      c.Step(Now());
    }
    return absl::OkStatus();
  });
  b_.Step(Now());
  EXPECT_TRUE(raced);
  EXPECT_TRUE(c.IsLeader(Now()));
  EXPECT_FALSE(b_.IsLeader(Now()));
  EXPECT_TRUE(b_.last_error().ok());
}

TEST_F(LeaderElectionTest, LostAnswerOfARenewalLosesNothing) {
  a_.Step(Now());
  clock_.Advance(absl::Seconds(2));
  server_.FailAfter([](const FakeRequest& request) {
    return request.verb == "update" ? absl::UnavailableError("cut")
                                    : absl::OkStatus();
  });
  a_.Step(Now());
  EXPECT_FALSE(a_.last_error().ok());
  EXPECT_TRUE(a_.IsLeader(Now()));
  server_.FailAfter({});
  clock_.Advance(absl::Seconds(2));
  a_.Step(Now());
  EXPECT_TRUE(a_.last_error().ok());
  EXPECT_TRUE(a_.IsLeader(Now() + absl::Seconds(9)));
}

TEST_F(LeaderElectionTest, LeaderAfterARestartTakesItsOwnLease) {
  a_.Step(Now());
  LeaderElector again(&server_, OptionsOf("a"));
  again.Step(Now());
  EXPECT_TRUE(again.IsLeader(Now()));
}

TEST(LeaderElectionOptionsTest, TimingsThatCannotWorkAreRefused) {
  EXPECT_TRUE(Validate(OptionsOf("a")).ok());
  EXPECT_FALSE(Validate(OptionsOf("")).ok());
  LeaderElectionOptions options = OptionsOf("a");
  options.renew_deadline = options.lease_duration;
  EXPECT_FALSE(Validate(options).ok());
  options = OptionsOf("a");
  options.retry_period = absl::Seconds(9);
  EXPECT_FALSE(Validate(options).ok());
}

}  // namespace
}  // namespace landwaiter::kube
