#include "operator/kube/event_recorder.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "operator/kube/fake/fake_kube_client.h"

namespace landwaiter::kube {
namespace {

class EventRecorderTest : public testing::Test {
 protected:
  Json Task(std::string name = "t") {
    return {{"apiVersion", "landwaiter.dev/v1"},
            {"kind", "ScanTask"},
            {"metadata",
             {{"name", name}, {"namespace", "n"}, {"uid", "uid-" + name}}}};
  }
  void Record(std::string note = "it began", std::string name = "t") {
    recorder_.Event(Task(name), EventType::kNormal, "Started", "StartScan",
                    note);
  }
  std::vector<Json> Events() { return server_.List(kEvents, "n", {})->items; }

  base::FakeClock clock_;
  FakeKubeClient server_{&clock_};
  QueuedEventRecorder recorder_{
      &server_,
      &clock_,
      {.controller = "landwaiter.dev/operator", .instance = "pod-1"}};
};

TEST_F(EventRecorderTest, EventTellsWhatHappenedToWhat) {
  Record();
  EXPECT_EQ(Events().size(), 0u);
  EXPECT_EQ(recorder_.Flush(), absl::InfiniteFuture());
  ASSERT_EQ(Events().size(), 1u);
  const Json event = Events()[0];
  EXPECT_EQ(event["regarding"]["kind"], "ScanTask");
  EXPECT_EQ(event["regarding"]["uid"], "uid-t");
  EXPECT_EQ(event["reason"], "Started");
  EXPECT_EQ(event["action"], "StartScan");
  EXPECT_EQ(event["note"], "it began");
  EXPECT_EQ(event["type"], "Normal");
  EXPECT_EQ(event["reportingController"], "landwaiter.dev/operator");
  EXPECT_EQ(event["reportingInstance"], "pod-1");
  EXPECT_FALSE(event.contains("series"));
}

TEST_F(EventRecorderTest, RepeatsBecomeASeriesWrittenOnceAMinute) {
  Record();
  recorder_.Flush();
  server_.ClearRequests();
  for (int i = 0; i < 10; ++i) {
    clock_.Advance(absl::Seconds(1));
    Record();
    recorder_.Flush();
  }
  EXPECT_THAT(server_.requests(), testing::IsEmpty());
  const absl::Time due = recorder_.Flush();
  EXPECT_EQ(due, clock_.Now() - absl::Seconds(10) + absl::Minutes(1));
  clock_.Advance(due - clock_.Now());
  recorder_.Flush();
  EXPECT_EQ(server_.requests().size(), 1u);
  ASSERT_EQ(Events().size(), 1u);
  EXPECT_EQ(Events()[0]["series"]["count"], 11);
}

TEST_F(EventRecorderTest, SeriesEndsAfterSixQuietMinutes) {
  Record();
  recorder_.Flush();
  clock_.Advance(absl::Minutes(7));
  Record();
  recorder_.Flush();
  EXPECT_EQ(Events().size(), 2u);
}

TEST_F(EventRecorderTest, ObjectThatFloodsIsCutShortAndOthersAreNot) {
  for (int i = 0; i < 40; ++i) Record(absl::StrCat("note ", i));
  Record("calm", "other");
  recorder_.Flush();
  EXPECT_EQ(Events().size(), 26u);
  EXPECT_EQ(recorder_.dropped(), 15);
  clock_.Advance(absl::Minutes(5));
  Record("one more");
  recorder_.Flush();
  EXPECT_EQ(Events().size(), 27u);
}

TEST_F(EventRecorderTest, ServerThatIsDownIsTriedTwelveTimes) {
  int tries = 0;
  server_.FailBefore([&](const FakeRequest&) {
    ++tries;
    return absl::UnavailableError("down");
  });
  Record();
  absl::Time due = recorder_.Flush();
  while (due != absl::InfiniteFuture()) {
    EXPECT_EQ(due, clock_.Now() + absl::Seconds(10));
    clock_.Advance(due - clock_.Now());
    due = recorder_.Flush();
  }
  EXPECT_EQ(tries, 12);
  EXPECT_EQ(recorder_.dropped(), 1);
}

TEST_F(EventRecorderTest, RefusedEventIsNotTriedAgain) {
  int tries = 0;
  server_.FailBefore([&](const FakeRequest&) {
    ++tries;
    return absl::PermissionDeniedError("no");
  });
  Record();
  EXPECT_EQ(recorder_.Flush(), absl::InfiniteFuture());
  EXPECT_EQ(tries, 1);
}

TEST_F(EventRecorderTest, LostAnswerMakesNoSecondEvent) {
  bool lost = false;
  server_.FailAfter([&](const FakeRequest&) {
    return std::exchange(lost, true) ? absl::OkStatus()
                                     : absl::UnavailableError("cut");
  });
  Record();
  clock_.Advance(recorder_.Flush() - clock_.Now());
  recorder_.Flush();
  EXPECT_EQ(Events().size(), 1u);
}

TEST_F(EventRecorderTest, SeriesWhoseEventIsGoneBeginsAnew) {
  Record();
  recorder_.Flush();
  ASSERT_TRUE(server_.Delete(kEvents, KeyOf(Events()[0]), {}).ok());
  Record();
  clock_.Advance(absl::Minutes(1));
  recorder_.Flush();
  EXPECT_EQ(Events().size(), 1u);
}

TEST_F(EventRecorderTest, LongNotesAreCutWithinTheirCharacters) {
  std::string note;
  while (note.size() < 2000) note += "é";
  Record("x" + note);
  recorder_.Flush();
  const std::string kept = Events()[0]["note"];
  EXPECT_EQ(kept.size(), 1023u);
  EXPECT_TRUE(kept.ends_with("é"));
}

TEST_F(EventRecorderTest, ClusterScopedObjectsHaveTheirEventsInDefault) {
  Json node = {{"apiVersion", "v1"},
               {"kind", "Node"},
               {"metadata", {{"name", "node-1"}, {"uid", "u"}}}};
  recorder_.Event(node, EventType::kWarning, "Odd", "Watch", "hm");
  recorder_.Flush();
  EXPECT_EQ(server_.List(kEvents, "default", {})->items.size(), 1u);
}

}  // namespace
}  // namespace landwaiter::kube
