// The threads that drive informers, elections and events.
#include <atomic>
#include <thread>

#include "absl/synchronization/notification.h"
#include "core/base/clock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "operator/kube/event_recorder.h"
#include "operator/kube/fake/fake_kube_client.h"
#include "operator/kube/informer_runner.h"
#include "operator/kube/leader_runner.h"

namespace landwaiter::kube {
namespace {

bool Eventually(std::function<bool()> condition) {
  const absl::Time end = absl::Now() + absl::Seconds(20);
  while (absl::Now() < end) {
    if (condition()) return true;
    absl::SleepFor(absl::Milliseconds(2));
  }
  return false;
}

Json Map(std::string name) {
  return {{"metadata", {{"name", name}, {"namespace", "n"}}}};
}

TEST(InformerRunnerTest, StoreFollowsWritersOnOtherThreadsThroughCuts) {
  base::RealClock clock;
  FakeKubeClient server(&clock);
  Informer informer({.type = kConfigMaps}, 1);
  std::atomic<int> added = 0;
  informer.AddHandler({.on_add = [&](const ObjectPtr&) { ++added; },
                       .on_update = {},
                       .on_delete = {}});
  InformerRunner runner(&server, &clock, &informer);
  {
    std::jthread writer([&] {
      for (int i = 0; i < 200; ++i) {
        ASSERT_TRUE(server.Create(kConfigMaps, Map(std::to_string(i))).ok());
        if (i == 100) server.DropWatches();
      }
    });
  }
  EXPECT_TRUE(Eventually([&] { return informer.store().size() == 200; }));
  EXPECT_TRUE(Eventually([&] { return added == 200; }));
}

TEST(InformerRunnerTest, DestructionEndsAnOpenWatchAtOnce) {
  base::RealClock clock;
  FakeKubeClient server(&clock);
  Informer informer({.type = kConfigMaps}, 1);
  auto runner = std::make_unique<InformerRunner>(&server, &clock, &informer);
  ASSERT_TRUE(Eventually([&] { return informer.HasSynced(); }));
  const absl::Time start = absl::Now();
  runner = nullptr;
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
}

LeaderElectionOptions Fast(std::string identity) {
  return {.lease = {"n", "l"},
          .identity = std::move(identity),
          .lease_duration = absl::Milliseconds(1500),
          .renew_deadline = absl::Milliseconds(800),
          .retry_period = absl::Milliseconds(50)};
}

TEST(LeaderRunnerTest, SecondLeadsAfterTheFirstStopped) {
  base::RealClock clock;
  FakeKubeClient server(&clock);
  LeaderElector a(&server, Fast("a"));
  LeaderElector b(&server, Fast("b"));
  std::atomic<int> leading = 0;
  std::atomic<bool> both = false;
  std::atomic<int> b_started = 0;
  auto start = [&] {
    if (++leading > 1) both = true;
  };
  auto stop = [&] { --leading; };
  LeaderRunner first(&a, &clock, {start, stop});
  ASSERT_TRUE(Eventually([&] { return leading == 1; }));
  LeaderRunner second(&b, &clock,
                      {[&] {
                         start();
                         ++b_started;
                       },
                       stop});
  absl::SleepFor(absl::Milliseconds(300));
  EXPECT_EQ(b_started, 0);
  first.Stop();
  EXPECT_TRUE(Eventually([&] { return b_started == 1; }));
  second.Stop();
  EXPECT_FALSE(both);
  EXPECT_EQ(leading, 0);
}

TEST(LeaderRunnerTest, LeaderThatIsCutOffStopsLeading) {
  base::RealClock clock;
  FakeKubeClient server(&clock);
  LeaderElector elector(&server, Fast("a"));
  absl::Notification started, stopped;
  LeaderRunner runner(&elector, &clock,
                      {[&] { started.Notify(); }, [&] { stopped.Notify(); }});
  ASSERT_TRUE(started.WaitForNotificationWithTimeout(absl::Seconds(20)));
  server.FailBefore(
      [](const FakeRequest&) { return absl::UnavailableError("cut"); });
  EXPECT_TRUE(stopped.WaitForNotificationWithTimeout(absl::Seconds(20)));
}

TEST(EventRecorderRunTest, EventsOfManyThreadsAreSentAndTheRestAtTheEnd) {
  base::RealClock clock;
  FakeKubeClient server(&clock);
  QueuedEventRecorder recorder(&server, &clock, {"c", "i"});
  std::jthread sender(
      [&](std::stop_token stop) { recorder.Run(std::move(stop)); });
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 3; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 10; ++i) {
          Json object = Map(std::to_string(t));
          recorder.Event(object, EventType::kNormal, "R", "A",
                         std::to_string(i));
        }
      });
    }
  }
  sender.request_stop();
  sender.join();
  EXPECT_EQ(server.List(kEvents, "n", {})->items.size(), 30u);
}

}  // namespace
}  // namespace landwaiter::kube
