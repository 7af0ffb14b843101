#include "analyzer/queue/change_feed.h"

#include <gtest/gtest.h>

#include <thread>

namespace landwaiter::analyzer::queue {
namespace {

model::Change Task(const std::string& uid) {
  return {model::Change::Kind::kTask, {"cluster", "ns"}, uid};
}

TEST(ChangeFeedTest, ASubscriberFirstReadsEverything) {
  ChangeFeed feed;
  auto subscription = feed.Subscribe();
  EXPECT_EQ(subscription->Next(absl::ZeroDuration()), EverythingChanged());
  EXPECT_EQ(subscription->Next(absl::ZeroDuration()), std::nullopt);
}

TEST(ChangeFeedTest, ChangesCoalesceUntilTheyAreTaken) {
  ChangeFeed feed;
  auto subscription = feed.Subscribe();
  subscription->Next(absl::ZeroDuration());
  feed.OnChange(Task("a"));
  feed.OnChange(Task("a"));
  EXPECT_EQ(subscription->Next(absl::ZeroDuration()), Task("a"));
  EXPECT_EQ(subscription->Next(absl::ZeroDuration()), std::nullopt);
  feed.OnChange(Task("a"));
  EXPECT_EQ(subscription->Next(absl::ZeroDuration()), Task("a"));
}

TEST(ChangeFeedTest, TooManyChangesBecomeReadEverything) {
  ChangeFeed feed;
  auto subscription = feed.Subscribe();
  subscription->Next(absl::ZeroDuration());
  for (size_t i = 0; i <= ChangeFeed::kMaxPending; ++i) {
    feed.OnChange(Task(std::to_string(i)));
  }
  EXPECT_EQ(subscription->Next(absl::ZeroDuration()), EverythingChanged());
  EXPECT_EQ(subscription->Next(absl::ZeroDuration()), std::nullopt);
}

TEST(ChangeFeedTest, AWaitingSubscriberIsWoken) {
  ChangeFeed feed;
  auto subscription = feed.Subscribe();
  subscription->Next(absl::ZeroDuration());
  std::thread teller([&] { feed.OnChange(Task("a")); });
  EXPECT_EQ(subscription->Next(absl::Seconds(30)), Task("a"));
  teller.join();
}

}  // namespace
}  // namespace landwaiter::analyzer::queue
