#include <gmock/gmock.h>

#include <atomic>
#include <set>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "analyzer/queue/queue_fixture.h"

// Several agents, an operator and a watcher at once, on real threads.
namespace landwaiter::analyzer::queue {
namespace {

constexpr int kImages = 24;
constexpr int kAgents = 4;

class ConcurrentTest : public QueueTest {
 protected:
  static std::vector<std::string> LayersOf(int image) {
    return {"base", "layer" + std::to_string(image)};
  }

  // Works until there is nothing left.
  void Agent() {
    while (!ended_) {
      const auto reply = queue_.Lease(QueueTest::Agent(), {.max_items = 2});
      if (!reply.ok() || reply->items.empty()) continue;
      for (const model::WorkItem& item : reply->items) {
        {
          absl::MutexLock lock(&mutex_);
          EXPECT_TRUE(fences_.insert(item.fence).second);
        }
        Work(item);
      }
    }
  }

  void Work(const model::WorkItem& item) {
    if (item.kind != model::WorkKind::kScanImage) {
      Answer(item, catalog_);
      EXPECT_TRUE(Complete(item).ok());
      return;
    }
    for (int i = 0; i < kImages; ++i) {
      if (item.digest != D("m" + std::to_string(i))) continue;
      absl::Status status;
      do {
        // "base" may be another agent's at the moment.
        status = Scan(item, "m" + std::to_string(i), LayersOf(i));
      } while (absl::IsFailedPrecondition(status));
      EXPECT_TRUE(status.ok()) << status;
    }
  }

  Catalog catalog_;
  std::atomic<bool> ended_ = false;
  absl::Mutex mutex_;
  std::set<model::Fence> fences_ ABSL_GUARDED_BY(mutex_);
};

TEST_F(ConcurrentTest, EveryImageIsScannedOnceByWhoeverIsThere) {
  for (int i = 0; i < kImages; ++i) {
    catalog_["app"]["v" + std::to_string(i)] = "m" + std::to_string(i);
  }
  ChangeFeed feed;
  environment_.options.lease = absl::Hours(1);
  Environment live{.store = *store_,
                   .clock = clock_,
                   .failpoints = failpoints_,
                   .observer = feed,
                   .detector = detector_,
                   .options = environment_.options};
  TaskControl control(live);
  ApplyRegistry("r");
  Apply(ScanSpec("t"));
  const auto subscription = feed.Subscribe();
  std::vector<std::thread> agents;
  for (int i = 0; i < kAgents; ++i) agents.emplace_back([&] { Agent(); });
  std::thread watcher([&] {
    while (!ended_) subscription->Next(absl::Milliseconds(1));
  });
  const absl::Time give_up = absl::Now() + absl::Seconds(60);
  while (!ended_ && absl::Now() < give_up) {
    ended_ = model::IsTerminal(control.GetTask(kTenant, "t")->phase);
    EXPECT_TRUE(control.ListWork().ok());
    EXPECT_TRUE(control.Tick().ok());
  }
  ended_ = true;
  for (std::thread& agent : agents) agent.join();
  watcher.join();
  const model::TaskStatus status = Task("t");
  EXPECT_EQ(status.phase, model::TaskPhase::kSucceeded);
  EXPECT_EQ(status.images,
            (model::ImageCounts{.total = kImages, .scanned = kImages}));
}

}  // namespace
}  // namespace landwaiter::analyzer::queue
