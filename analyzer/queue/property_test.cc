#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <set>

#include "analyzer/queue/queue_fixture.h"

// Random agents: they crash, pause past their leases, repeat and reorder what
// they send, and the store fails now and then. Whatever they do, the rules
// hold and the findings are those of a calm run.
namespace landwaiter::analyzer::queue {
namespace {

constexpr int kImages = 12;
constexpr uint32_t kBudget = 20;

std::vector<std::string> LayersOf(int image) {
  return {"base" + std::to_string(image % 3),
          (image % 4 == 0 ? "bad" : "app") + std::to_string(image)};
}

class PropertyTest : public QueueTest,
                     public ::testing::WithParamInterface<uint32_t> {
 protected:
  struct Held {
    model::WorkItem item;
    bool zombie = false;  // its agent sleeps past the lease, then goes on
  };

  int Draw(int below) {
    return std::uniform_int_distribution<int>(0, below - 1)(random_);
  }

  int ImageOf(const model::Digest& digest) {
    for (int i = 0; i < kImages; ++i) {
      if (D("m" + std::to_string(i)) == digest) return i;
    }
    ADD_FAILURE() << digest.text();
    return 0;
  }

  // One careless step of an agent. ABORTED means that it drops the item.
  absl::Status Act(const model::WorkItem& item) {
    if (item.kind != model::WorkKind::kScanImage) return ActListing(item);
    const int image = ImageOf(item.digest);
    const std::string manifest = "m" + std::to_string(image);
    const std::vector<std::string> layers = LayersOf(image);
    switch (Draw(6)) {
      case 0:
        return queue_.PlanImage(Agent(), Ref(item), Facts(manifest, layers))
            .status();
      case 1:
        return queue_.SubmitLayer(Agent(), Ref(item), Report(layers[Draw(2)]));
      case 2:
        return Complete(item);
      case 3:
        if (Draw(10) == 0) return Fail(item, "NetworkError", true);
        return absl::OkStatus();
      default:
        return Scan(item, manifest, layers);
    }
  }

  absl::Status ActListing(const model::WorkItem& item) {
    model::ListingPage page{.complete = true};
    if (item.kind == model::WorkKind::kListRepositories) {
      page.repositories = {"app"};
    } else {
      for (int i = 0; i < kImages; ++i) {
        const model::Digest digest = D("m" + std::to_string(i));
        page.tags.push_back({"v" + std::to_string(i), digest});
        page.manifests.push_back({.digest = digest});
      }
    }
    if (Draw(3) != 0) {
      const auto reply = queue_.SubmitListing(Agent(), Ref(item), page);
      if (!reply.ok()) return reply.status();
    }
    return Complete(item);
  }

  void TakeMore() {
    const auto reply = queue_.Lease(
        Agent(), {.max_items = static_cast<uint32_t>(Draw(3) + 1)});
    if (!reply.ok()) return;
    for (const model::WorkItem& item : reply->items) {
      EXPECT_TRUE(fences_.insert(item.fence).second) << "a fence given twice";
      if (item.kind == model::WorkKind::kScanImage) {
        charges_.push_back(clock_.Now());
      }
      if (Draw(8) != 0) held_.push_back({item});  // else: lost on the way
    }
  }

  void CheckBudget() {
    for (const absl::Time end : charges_) {
      const auto in_window =
          std::ranges::count_if(charges_, [&](absl::Time time) {
            return time <= end && time > end - absl::Hours(1);
          });
      EXPECT_LE(in_window, kBudget);
    }
  }

  std::mt19937 random_;
  std::vector<Held> held_;
  std::set<model::Fence> fences_;
  std::vector<absl::Time> charges_;
};

TEST_P(PropertyTest, WhateverAgentsDoTheTaskEndsWithTheSameFindings) {
  random_.seed(GetParam());
  environment_.options.max_losses = 1000;
  environment_.options.max_failures = 1000;
  ApplyRegistry("r", kBudget);
  model::TaskSpec spec = ScanSpec("t");
  spec.parallelism = 4;
  spec.timeout = absl::Hours(100);
  Apply(spec);
  model::ImageCounts before;
  for (int step = 0; step < 4000; ++step) {
    if (Draw(20) == 0) {
      failpoints_.fail[Draw(2) == 0 ? "analyzer/before-commit"
                                    : "analyzer/committed"] = 1;
    }
    if (held_.size() < 4 && Draw(2) == 0) TakeMore();
    clock_.Advance(Draw(30) == 0 ? absl::Seconds(61) : absl::Seconds(Draw(4)));
    if (Draw(500) == 0) clock_.Advance(absl::Hours(1));
    if (!held_.empty()) {
      const size_t i =
          static_cast<size_t>(Draw(static_cast<int>(held_.size())));
      const absl::Status status = Act(held_[i].item);
      if (absl::IsAborted(status) || Draw(40) == 0) {
        held_.erase(held_.begin() + static_cast<long>(i));
      } else if (Draw(2) == 0) {
        (void)queue_.Heartbeat(Agent(), {Ref(held_[i].item)});
      }
    }
    failpoints_.fail.clear();
    const model::TaskStatus status = Task("t");
    EXPECT_LE(status.images.scanned, static_cast<uint64_t>(kImages));
    EXPECT_GE(status.images.scanned, before.scanned) << "a scan was lost";
    before = status.images;
    if (model::IsTerminal(status.phase)) break;
  }
  const model::TaskStatus status = Task("t");
  EXPECT_EQ(status.phase, model::TaskPhase::kSucceeded)
      << "seed " << GetParam();
  EXPECT_EQ(status.images,
            (model::ImageCounts{.total = kImages, .scanned = kImages}));
  EXPECT_EQ(status.quota_consumed, static_cast<uint64_t>(kImages));
  EXPECT_EQ(status.vulnerabilities.system.high, 3u);
  EXPECT_EQ(control_.GetRegistry(kTenant, "r")->vulnerabilities.system.high,
            3u);
  CheckBudget();
}

INSTANTIATE_TEST_SUITE_P(Seeds, PropertyTest, ::testing::Range(1u, 21u));

}  // namespace
}  // namespace landwaiter::analyzer::queue
