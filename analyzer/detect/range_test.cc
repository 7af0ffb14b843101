#include "analyzer/detect/range.h"

#include <string>

#include "gtest/gtest.h"

namespace landwaiter::analyzer::detect {
namespace {

using advisory::AffectedView;
using advisory::Event;
using advisory::EventKind;

// Versions of one letter, in the order of the alphabet.
std::weak_ordering ByLetter(std::string_view a, std::string_view b) {
  return a <=> b;
}

// "i" introduced, "f" fixed, "l" last affected; ranges apart by "|".
AffectedView Entry(std::string_view text) {
  AffectedView entry;
  entry.ranges.emplace_back();
  for (size_t i = 0; i < text.size();) {
    if (text[i] == '|') {
      entry.ranges.emplace_back();
      ++i;
      continue;
    }
    const EventKind kind = text[i] == 'i'   ? EventKind::kIntroduced
                           : text[i] == 'f' ? EventKind::kFixed
                                            : EventKind::kLastAffected;
    entry.ranges.back().push_back({kind, text.substr(i + 1, 1)});
    i += 2;
  }
  return entry;
}

// "-" not affected, "+" affected without a fix, else the fix.
std::string Evaluated(std::string_view text, std::string_view version) {
  const AffectedView entry = Entry(text);
  const Verdict verdict = Evaluate(entry, version, ByLetter);
  if (!verdict.affected) return "-";
  return verdict.fixed.empty() ? "+" : std::string(verdict.fixed);
}

TEST(RangeTest, AffectedFromIntroductionUpToTheFix) {
  EXPECT_EQ(Evaluated("ibfd", "a"), "-");
  EXPECT_EQ(Evaluated("ibfd", "b"), "d");
  EXPECT_EQ(Evaluated("ibfd", "c"), "d");
  EXPECT_EQ(Evaluated("ibfd", "d"), "-");
}

TEST(RangeTest, ZeroIsBeforeEverything) {
  EXPECT_EQ(Evaluated("i0fd", "!"), "d");
  EXPECT_EQ(Evaluated("i0", "z"), "+");
}

TEST(RangeTest, TheLastAffectedVersionIsAffected) {
  EXPECT_EQ(Evaluated("i0ld", "d"), "+");
  EXPECT_EQ(Evaluated("i0ld", "e"), "-");
}

TEST(RangeTest, SeveralBranchesInOneRange) {
  EXPECT_EQ(Evaluated("ibfdifmin", "c"), "d");
  EXPECT_EQ(Evaluated("ibfdiffmin", "e"), "-");
  EXPECT_EQ(Evaluated("ibfdiffm", "g"), "m");
  EXPECT_EQ(Evaluated("ibfdiffm", "n"), "-");
}

TEST(RangeTest, EventsNeedNotBeInOrder) {
  EXPECT_EQ(Evaluated("fdib", "c"), "d");
  EXPECT_EQ(Evaluated("fdi0", "a"), "d");
  EXPECT_EQ(Evaluated("fdib", "e"), "-");
}

TEST(RangeTest, ARangeThatIsFixedWhereItBeginsIsEmpty) {
  EXPECT_EQ(Evaluated("ibfb", "b"), "-");
  EXPECT_EQ(Evaluated("fbib", "b"), "-");
}

TEST(RangeTest, AnyRangeIsEnoughAndTheLeastFixIsTaken) {
  EXPECT_EQ(Evaluated("i0fm|i0fd", "c"), "d");
  EXPECT_EQ(Evaluated("i0fm|i0fd", "e"), "m");
  EXPECT_EQ(Evaluated("i0|i0fd", "c"), "d");
  EXPECT_EQ(Evaluated("", "c"), "-");
}

TEST(RangeTest, AListedVersionIsAffectedOutsideOfRangesToo) {
  AffectedView entry = Entry("i0fd");
  entry.versions = {"x", "y"};
  EXPECT_TRUE(Evaluate(entry, "y", ByLetter).affected);
  EXPECT_FALSE(Evaluate(entry, "z", ByLetter).affected);
  EXPECT_EQ(Evaluate(entry, "a", ByLetter).fixed, "d");
}

}  // namespace
}  // namespace landwaiter::analyzer::detect
