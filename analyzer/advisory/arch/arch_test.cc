#include "analyzer/advisory/arch/arch.h"

#include <string>

#include "analyzer/advisory/feed_corpus.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"

namespace landwaiter::analyzer::advisory {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

TEST(ArchTest, TheStatusIsTheStanding) {
  const auto told = [](const std::string& status, const std::string& fixed) {
    return Told(WithId(
        ReadText(ArchLinux(), R"([{"name": "AVG-1", "packages": ["a", "b"],
            "severity": "High", "type": "x", "issues": ["CVE-2016-1"],
            "status": ")" + status +
                                  R"(", "fixed": )" + fixed + "}]"),
        "AVG-1"));
  };
  EXPECT_EQ(told("Fixed", "\"1-2\""),
            "Arch Linux a [>=0 <1-2]\nArch Linux b [>=0 <1-2]");
  EXPECT_EQ(told("Vulnerable", "null"),
            "Arch Linux a [>=0]\nArch Linux b [>=0]");
  EXPECT_EQ(told("Testing", "\"1-2\""),
            "Arch Linux a [>=0] deferred (fix in testing: 1-2)\n"
            "Arch Linux b [>=0] deferred (fix in testing: 1-2)");
  EXPECT_EQ(told("Unknown", "null"),
            "Arch Linux a [>=0] under investigation\n"
            "Arch Linux b [>=0] under investigation");
  EXPECT_EQ(told("Not affected", "null"),
            "Arch Linux a [>=0] not affected\n"
            "Arch Linux b [>=0] not affected");
}

TEST(ArchTest, BrokenGroupsAreSkippedAndBrokenFilesAreErrors) {
  const KeptRecords kept = ReadText(ArchLinux(), R"([7, {}, {"name": "AVG-1"},
      {"name": "AVG-2", "status": "Fixed", "packages": ["a"]},
      {"name": "AVG-3", "status": "Vulnerable", "packages": [1]},
      {"name": "AVG-4", "status": "Vulnerable", "packages": ["a"]}])");
  EXPECT_THAT(kept.skipped, SizeIs(5));
  EXPECT_THAT(kept.advisories, SizeIs(1));
  for (const char* text : {"", "7", "[", R"([{"name": "AVG-4"},)"}) {
    EXPECT_FALSE(StatusOfText(ArchLinux(), text).ok()) << text;
  }
}

TEST(ArchTest, TheCorpussGroupsAreRead) {
  if (!testing::Corpus()) GTEST_SKIP() << "no corpus";
  const KeptRecords kept = ReadCorpus(
      ArchLinux(),
      "vulndb/native/samples/vuln-list-update/arch/testdata/archlinux.json");
  EXPECT_THAT(kept.advisories, SizeIs(2));
  const Advisory& curl = WithId(kept, "AVG-20");
  EXPECT_EQ(Told(curl), "Arch Linux curl [>=0 <7.50.3-1]");
  EXPECT_THAT(curl.details.aliases, ElementsAre("CVE-2016-7167"));
  EXPECT_EQ(curl.details.severity, model::Severity::kLow);
  EXPECT_EQ(Told(WithId(kept, "AVG-4")), "Arch Linux bzip2 [>=0 <1.0.6-6]");
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
