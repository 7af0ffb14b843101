#include "operator/kube/reflector.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "operator/kube/status.h"

namespace landwaiter::kube {
namespace {

using Action = Reflector::Action;

Json Object(std::string name, std::string version) {
  return {{"metadata", {{"name", name}, {"resourceVersion", version}}}};
}

WatchEvent Event(WatchEventType type, std::string name, std::string version) {
  return {type, std::make_shared<const Json>(Object(name, version))};
}

// Notes what it is told, as "=a,b", "+a", "-a".
struct NotingSink : ReflectorSink {
  void Replace(std::vector<ObjectPtr> objects) override {
    std::string note = "=";
    for (const ObjectPtr& object : objects) note += NameOf(*object) + ",";
    notes.push_back(note);
  }
  void Upsert(ObjectPtr object) override {
    notes.push_back("+" + NameOf(*object));
  }
  void Remove(ObjectPtr object) override {
    notes.push_back("-" + NameOf(*object));
  }
  std::vector<std::string> notes;
};

class ReflectorTest : public testing::Test {
 protected:
  // Runs to a watch from the version "5".
  void ListOnce() {
    ASSERT_EQ(reflector_.Next(now_).kind, Action::kList);
    reflector_.OnListed(
        ListPage{{Object("a", "3")}, /*resource_version=*/"5", ""}, now_);
    ASSERT_EQ(reflector_.Next(now_).kind, Action::kWatch);
  }
  void EndWatch(absl::Status status, absl::Duration after = absl::Minutes(3)) {
    now_ += after;
    reflector_.OnWatchEnded(std::move(status), now_);
  }

  absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
  NotingSink sink_;
  Reflector reflector_{{.type = kPods}, &sink_, 7};
};

TEST_F(ReflectorTest, FirstListMayComeFromTheCacheAndTheWatchFollowsIt) {
  Action list = reflector_.Next(now_);
  EXPECT_EQ(list.kind, Action::kList);
  EXPECT_EQ(list.list.resource_version, "0");
  EXPECT_EQ(list.list.limit, 500);
  ListOnce();
  EXPECT_THAT(sink_.notes, testing::ElementsAre("=a,"));
  EXPECT_EQ(reflector_.Next(now_).watch.resource_version, "5");
}

TEST_F(ReflectorTest, PagesAreOneListForTheSink) {
  reflector_.Next(now_);
  reflector_.OnListed(ListPage{{Object("a", "1")}, "5", "next"}, now_);
  EXPECT_TRUE(sink_.notes.empty());
  Action second = reflector_.Next(now_);
  EXPECT_EQ(second.kind, Action::kList);
  EXPECT_EQ(second.list.continue_token, "next");
  reflector_.OnListed(ListPage{{Object("b", "2")}, "5", ""}, now_);
  EXPECT_THAT(sink_.notes, testing::ElementsAre("=a,b,"));
}

TEST_F(ReflectorTest, ExpiredPageTokenReadsTheListInOne) {
  reflector_.Next(now_);
  reflector_.OnListed(ListPage{{Object("a", "1")}, "5", "next"}, now_);
  reflector_.Next(now_);
  reflector_.OnListed(absl::FailedPreconditionError("gone"), now_);
  Action action = reflector_.Next(now_);
  EXPECT_EQ(action.kind, Action::kList);
  EXPECT_EQ(action.list.limit, 0);
  EXPECT_EQ(action.list.continue_token, "");
  EXPECT_EQ(action.list.resource_version, "");
  reflector_.OnListed(ListPage{{Object("b", "2")}, "6", ""}, now_);
  EXPECT_THAT(sink_.notes, testing::ElementsAre("=b,"));
}

TEST_F(ReflectorTest, WatchLastsFiveToTenMinutes) {
  ListOnce();
  std::set<absl::Duration> seen;
  for (int i = 0; i < 20; ++i) {
    Action action = reflector_.Next(now_);
    ASSERT_EQ(action.kind, Action::kWatch);
    EXPECT_GE(action.watch.timeout, absl::Minutes(5));
    EXPECT_LE(action.watch.timeout, absl::Minutes(10));
    seen.insert(action.watch.timeout);
    EndWatch(absl::OkStatus());
  }
  EXPECT_GT(seen.size(), 5u);
}

TEST_F(ReflectorTest, WatchResumesFromTheLastEventOrBookmark) {
  ListOnce();
  ASSERT_TRUE(reflector_.OnEvent(Event(WatchEventType::kAdded, "b", "8")).ok());
  EndWatch(absl::OkStatus());
  EXPECT_EQ(reflector_.Next(now_).watch.resource_version, "8");
  ASSERT_TRUE(
      reflector_.OnEvent(Event(WatchEventType::kBookmark, "", "42")).ok());
  ASSERT_TRUE(
      reflector_.OnEvent(Event(WatchEventType::kDeleted, "b", "43")).ok());
  EndWatch(absl::OkStatus());
  EXPECT_EQ(reflector_.Next(now_).watch.resource_version, "43");
  EXPECT_THAT(sink_.notes, testing::ElementsAre("=a,", "+b", "-b"));
}

TEST_F(ReflectorTest, BrokenWatchResumesAfterABackoffWithoutAList) {
  ListOnce();
  EndWatch(absl::UnavailableError("cut"));
  EXPECT_FALSE(reflector_.last_error().ok());
  Action wait = reflector_.Next(now_);
  ASSERT_EQ(wait.kind, Action::kWait);
  EXPECT_GE(wait.until - now_, absl::Milliseconds(800));
  EXPECT_LT(wait.until - now_, absl::Milliseconds(1600));
  Action watch = reflector_.Next(wait.until);
  EXPECT_EQ(watch.kind, Action::kWatch);
  EXPECT_EQ(watch.watch.resource_version, "5");
}

TEST_F(ReflectorTest, WatchThatEndsAtOnceBacksOff) {
  ListOnce();
  EndWatch(absl::OkStatus(), absl::Milliseconds(10));
  EXPECT_EQ(reflector_.Next(now_).kind, Action::kWait);
}

TEST_F(ReflectorTest, GoneListsAtOnceFromTheStoreOfRecord) {
  ListOnce();
  EndWatch(absl::FailedPreconditionError("too old resource version"));
  Action action = reflector_.Next(now_);
  EXPECT_EQ(action.kind, Action::kList);
  EXPECT_EQ(action.list.resource_version, "");
  EXPECT_EQ(action.list.limit, 500);
}

TEST_F(ReflectorTest, ResourceVersionAheadOfTheServerListsAtOnce) {
  ListOnce();
  EndWatch(StatusWithReason(absl::StatusCode::kDeadlineExceeded,
                            "ResourceVersionTooLarge", "too large"));
  EXPECT_EQ(reflector_.Next(now_).kind, Action::kList);
}

TEST_F(ReflectorTest, RetryAfterIsHonoured) {
  reflector_.Next(now_);
  reflector_.OnListed(WithRetryAfter(absl::ResourceExhaustedError("slow down"),
                                     absl::Seconds(17)),
                      now_);
  EXPECT_EQ(reflector_.Next(now_).until, now_ + absl::Seconds(17));
}

TEST_F(ReflectorTest, ErrorIsForgottenWhenItWorksAgain) {
  reflector_.Next(now_);
  reflector_.OnListed(absl::UnavailableError("down"), now_);
  EXPECT_FALSE(reflector_.last_error().ok());
  now_ += absl::Seconds(30);
  ListOnce();
  EXPECT_TRUE(reflector_.last_error().ok());
}

TEST_F(ReflectorTest, EventWithoutVersionOrNameIsRefused) {
  ListOnce();
  EXPECT_FALSE(reflector_.OnEvent(Event(WatchEventType::kAdded, "b", "")).ok());
  EXPECT_FALSE(reflector_.OnEvent(Event(WatchEventType::kAdded, "", "9")).ok());
  EXPECT_EQ(reflector_.resource_version(), "5");
}

}  // namespace
}  // namespace landwaiter::kube
