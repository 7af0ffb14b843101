#include "operator/kube/work_queue.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace landwaiter::kube {
namespace {

const ObjectKey kA{"n", "a"};
const ObjectKey kB{"n", "b"};

class WorkQueueTest : public testing::Test {
 protected:
  std::string Poll() {
    auto key = queue_.Poll();
    return key.has_value() ? key->name : "-";
  }
  base::FakeClock clock_;
  WorkQueue queue_{{}, &clock_};
};

TEST_F(WorkQueueTest, KeysComeInOrderAndOnceEach) {
  queue_.Add(kB);
  queue_.Add(kA);
  queue_.Add(kB);
  EXPECT_EQ(Poll(), "b");
  EXPECT_EQ(Poll(), "a");
  EXPECT_EQ(Poll(), "-");
}

TEST_F(WorkQueueTest, KeyAddedWhileProcessedComesAgainAfterDone) {
  queue_.Add(kA);
  EXPECT_EQ(Poll(), "a");
  queue_.Add(kA);
  queue_.Add(kA);
  EXPECT_EQ(Poll(), "-");
  queue_.Done(kA);
  EXPECT_EQ(Poll(), "a");
  queue_.Done(kA);
  EXPECT_EQ(Poll(), "-");
}

TEST_F(WorkQueueTest, DelayedKeyComesWhenItIsDue) {
  queue_.AddAfter(kA, absl::Seconds(5));
  EXPECT_EQ(Poll(), "-");
  EXPECT_EQ(queue_.NextDue(), clock_.Now() + absl::Seconds(5));
  clock_.Advance(absl::Seconds(5));
  EXPECT_EQ(Poll(), "a");
  EXPECT_EQ(queue_.NextDue(), absl::InfiniteFuture());
}

TEST_F(WorkQueueTest, EarliestOfSeveralDelaysCounts) {
  queue_.AddAfter(kA, absl::Seconds(5));
  queue_.AddAfter(kA, absl::Seconds(1));
  queue_.AddAfter(kA, absl::Seconds(9));
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(Poll(), "a");
  queue_.Done(kA);
  clock_.Advance(absl::Seconds(60));
  EXPECT_EQ(Poll(), "-");
}

TEST_F(WorkQueueTest, FailuresBackOffFromFiveMillisecondsToAThousandSeconds) {
  absl::Duration expected = absl::Milliseconds(5);
  for (int i = 0; i < 25; ++i) {
    queue_.AddRateLimited(kA);
    EXPECT_EQ(queue_.NextDue() - clock_.Now(), expected) << i;
    clock_.Advance(expected);
    EXPECT_EQ(Poll(), "a");
    queue_.Done(kA);
    expected = std::min(2 * expected, absl::Duration(absl::Seconds(1000)));
  }
  EXPECT_EQ(queue_.Retries(kA), 25);
  queue_.Forget(kA);
  queue_.AddRateLimited(kA);
  EXPECT_EQ(queue_.NextDue() - clock_.Now(), absl::Milliseconds(5));
}

TEST_F(WorkQueueTest, ManyFailingKeysShareTenRetriesASecond) {
  for (int i = 0; i < 200; ++i) {
    queue_.AddRateLimited({"n", std::to_string(i)});
  }
  clock_.Advance(absl::Milliseconds(5));
  int now = 0;
  while (queue_.Poll().has_value()) ++now;
  EXPECT_EQ(now, 100);
  clock_.Advance(absl::Seconds(1));
  while (queue_.Poll().has_value()) ++now;
  EXPECT_EQ(now, 110);
}

TEST_F(WorkQueueTest, ShutDownEmptiesTheQueueAndEndsGet) {
  queue_.Add(kA);
  queue_.AddAfter(kB, absl::Seconds(1));
  queue_.ShutDown();
  queue_.Add(kB);
  EXPECT_EQ(queue_.Get(), kA);
  EXPECT_EQ(queue_.Get(), std::nullopt);
}

struct CountingObserver : WorkQueueObserver {
  void OnDepth(size_t depth) override { max = std::max(max, depth); }
  void OnAdd() override { ++adds; }
  void OnRetry() override { ++retries; }
  void OnGet(absl::Duration waited) override { wait = waited; }
  void OnDone(absl::Duration worked) override { work = worked; }
  size_t max = 0;
  int adds = 0;
  int retries = 0;
  absl::Duration wait, work;
};

TEST(WorkQueueObserverTest, ObserverSeesDepthAndLatencies) {
  base::FakeClock clock;
  CountingObserver observer;
  WorkQueue queue({}, &clock, &observer);
  queue.Add(kA);
  queue.Add(kB);
  clock.Advance(absl::Seconds(3));
  queue.Poll();
  clock.Advance(absl::Seconds(2));
  queue.Done(kA);
  queue.AddRateLimited(kA);
  EXPECT_EQ(observer.max, 2u);
  EXPECT_EQ(observer.adds, 2);
  EXPECT_EQ(observer.retries, 1);
  EXPECT_EQ(observer.wait, absl::Seconds(3));
  EXPECT_EQ(observer.work, absl::Seconds(2));
}

TEST(WorkQueueThreadsTest, NoKeyIsProcessedTwiceAtOnceAndNoneIsLost) {
  base::RealClock clock;
  WorkQueue queue({}, &clock);
  constexpr int kKeys = 20;
  std::vector<std::atomic<int>> busy(kKeys);
  std::vector<std::atomic<int>> seen(kKeys);
  std::vector<std::atomic<int>> wanted(kKeys);
  std::atomic<bool> overlap = false;
  std::vector<std::jthread> workers;
  for (int w = 0; w < 4; ++w) {
    workers.emplace_back([&] {
      while (auto key = queue.Get()) {
        const int i = std::stoi(key->name);
        if (busy[i].fetch_add(1) != 0) overlap = true;
        seen[i] = wanted[i].load();
        busy[i].fetch_sub(1);
        queue.Done(*key);
      }
    });
  }
  for (int round = 0; round < 200; ++round) {
    for (int i = 0; i < kKeys; ++i) {
      ++wanted[i];
      if (round % 2 == 0) {
        queue.Add({"", std::to_string(i)});
      } else {
        queue.AddAfter({"", std::to_string(i)}, absl::Microseconds(50));
      }
    }
  }
  // The last delayed adds must have happened before the shut-down.
  while (queue.NextDue() != absl::InfiniteFuture()) {
    absl::SleepFor(absl::Milliseconds(1));
  }
  queue.ShutDown();
  workers.clear();
  EXPECT_FALSE(overlap);
  for (int i = 0; i < kKeys; ++i) EXPECT_EQ(seen[i], wanted[i]) << i;
}

}  // namespace
}  // namespace landwaiter::kube
