#include "operator/run/lanes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <vector>

#include "absl/synchronization/notification.h"
#include "core/base/clock.h"
#include "operator/manager/controller.h"

namespace landwaiter::run {
namespace {

using testing::ElementsAre;

TEST(LanesTest, ALaneKeepsItsOrder) {
  std::vector<int> done;
  {
    Lanes lanes;
    for (int i = 0; i < 4; ++i)
      lanes.Do("a", [&done, i] { done.push_back(i); });
  }
  EXPECT_THAT(done, ElementsAre(0, 1, 2, 3));
}

TEST(LanesTest, ALaneThatHangsDelaysNoOther) {
  absl::Notification hangs, other;
  Lanes lanes;
  lanes.Do("far", [&] { hangs.WaitForNotification(); });
  lanes.Do("far", [] {});
  lanes.Do("near", [&] { other.Notify(); });
  EXPECT_TRUE(other.WaitForNotificationWithTimeout(absl::Seconds(60)));
  hangs.Notify();
}

TEST(LanesTest, LanesComeAndGo) {
  std::atomic<int> done = 0;
  {
    Lanes lanes;
    for (int i = 0; i < 500; ++i) {
      lanes.Do(std::to_string(i % 7), [&done] { ++done; });
    }
  }
  EXPECT_EQ(done, 500);
}

// A reconciler that waits whenever it is asked for "far".
class HangingReconciler : public reconcile::Reconciler {
 public:
  absl::StatusOr<absl::Time> Reconcile(const kube::ObjectKey& key) override {
    if (key.ns == "far") hangs.WaitForNotification();
    absl::MutexLock lock(&mutex);
    done.insert(key.ToString());
    return absl::InfiniteFuture();
  }
  bool Did(const std::string& key) {
    absl::MutexLock lock(&mutex);
    return done.contains(key);
  }
  absl::Notification hangs;
  absl::Mutex mutex;
  std::set<std::string> done;
};

TEST(LanesTest, AClusterThatHangsDelaysNoOtherReconcile) {
  base::RealClock clock;
  HangingReconciler reconciler;
  manager::Controller controller(
      "test", &reconciler, &clock, nullptr,
      [](const kube::ObjectKey& key) { return key.ns == "far" ? "far" : ""; });
  Lanes lanes;
  std::thread thread([&] {
    controller.Run([&](const std::string& lane, std::function<void()> work) {
      lanes.Do(lane, std::move(work));
    });
  });
  controller.queue().Add({"far", "one"});
  controller.queue().Add({"far", "two"});
  controller.queue().Add({"near", "one"});
  const absl::Time end = absl::Now() + absl::Seconds(60);
  while (!reconciler.Did("near/one") && absl::Now() < end) {
    absl::SleepFor(absl::Milliseconds(1));
  }
  EXPECT_TRUE(reconciler.Did("near/one"));
  EXPECT_FALSE(reconciler.Did("far/one"));
  reconciler.hangs.Notify();
  controller.queue().ShutDown();
  thread.join();
  EXPECT_EQ(controller.queue().size(), 0u);
}

}  // namespace
}  // namespace landwaiter::run
