#include "analyzer/advisory/rpm/rpm_record.h"

#include "analyzer/advisory/rpm/testing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace landwaiter::analyzer::advisory {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(RpmRecordTest, AnEpochOfZeroIsLeftOut) {
  EXPECT_EQ(Line(FixedIn("E:1", "p", "0:1.0-1")), "E:1 p <1.0-1");
  EXPECT_EQ(Line(FixedIn("E:1", "p", "2:1.0-1")), "E:1 p <2:1.0-1");
  EXPECT_EQ(EvrOf("0", "1.0", "1"), "1.0-1");
  EXPECT_EQ(EvrOf("32", "1.0", ""), "32:1.0");
}

TEST(RpmRecordTest, ThePackageOfX86StandsForTheOthers) {
  AffectedList list;
  list.Add(FixedIn("E:1", "p", "1.0-2"), "s390x");
  list.Add(FixedIn("E:1", "p", "1.0-1"), "x86_64");
  list.Add(FixedIn("E:1", "p", "1.0-1"), "i686");
  list.Add(FixedIn("E:1", "q", "1.0-3"), "s390x");
  list.Add(FixedIn("E:1", "q", "1.0-4"), "aarch64");
  const Advisory advisory{{}, list.Take()};
  EXPECT_THAT(Lines(advisory), ElementsAre("E:1 p <1.0-1", "E:1 q <1.0-4"));
}

TEST(RpmRecordTest, OfSeveralFixesTheLeastMayCount) {
  for (const bool least : {false, true}) {
    AffectedList list;
    for (const char* fixed : {"1.0-9", "1.0-10", "1:0.1-1"}) {
      list.Add(FixedIn("E:1", "p", fixed));
    }
    const Advisory advisory{{},
                            list.Take(least ? AffectedList::Fixes::kLeast
                                            : AffectedList::Fixes::kAll)};
    EXPECT_THAT(Lines(advisory), SizeIs(least ? 1 : 3));
    EXPECT_THAT(Lines(advisory), Contains("E:1 p <1.0-9"));
  }
}

TEST(RpmRecordTest, UnsoundRecordsAreSkippedAndSilentOnesLetGo) {
  KeptRecords kept;
  const auto deliver = [&](std::string id, std::string package) {
    Advisory advisory;
    advisory.details.id = std::move(id);
    advisory.affected = {FixedIn("E:1", std::move(package), "1")};
    EXPECT_TRUE(Deliver(advisory, "f", kept).ok());
  };
  deliver("", "p");
  deliver("A-1", "");
  deliver("A-2", std::string("a\0b", 3));
  deliver("A-3", std::string(300, 'x'));
  EXPECT_THAT(kept.advisories, IsEmpty());
  ASSERT_THAT(kept.skipped, SizeIs(4));
  EXPECT_EQ(kept.skipped[0].problem, RecordProblem::kNoId);
  EXPECT_EQ(kept.skipped[1].problem, RecordProblem::kBadField);
  EXPECT_EQ(kept.skipped[1].where, "f: A-1");
  EXPECT_EQ(kept.skipped[2].problem, RecordProblem::kBadField);
  EXPECT_EQ(kept.skipped[3].problem, RecordProblem::kLongName);
  Advisory silent;
  silent.details.id = "A-4";
  EXPECT_TRUE(Deliver(silent, "f", kept).ok());
  EXPECT_THAT(kept.skipped, SizeIs(4));
  deliver("A-5", "p");
  EXPECT_THAT(kept.advisories, SizeIs(1));
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
