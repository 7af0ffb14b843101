#include "analyzer/advisory/ruby/ruby_advisory_db.h"

#include <string>

#include "analyzer/advisory/feed_corpus.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"

namespace landwaiter::analyzer::advisory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(RubyAdvisoryDbTest, AffectedIsWhatIsNeitherPatchedNorUnaffected) {
  const KeptRecords kept = ReadText(RubyAdvisoryDb(),
                                    "---\n"
                                    "gem: actionpack\n"
                                    "cve: 2008-7248\n"
                                    "ghsa: 8fqx-7pv4-3jwm\n"
                                    "url: https://a.example\n"
                                    "title: Improper\n"
                                    "date: 2017-10-24\n"
                                    "cvss_v2: 6.8\n"
                                    "cvss_v3: 9.1\n"
                                    "unaffected_versions:\n"
                                    "  - \"< 2.1.0\"\n"
                                    "patched_versions:\n"
                                    "  - \"~> 2.1.3\"\n"
                                    "  - \">= 2.2.2\"\n");
  const Advisory& advisory = WithId(kept, "CVE-2008-7248");
  EXPECT_EQ(Told(advisory),
            "RubyGems actionpack [>=2.1.0 <2.1.3] [>=2.2.a <2.2.2]");
  EXPECT_EQ(advisory.details.severity, model::Severity::kCritical);
  EXPECT_THAT(advisory.details.aliases, ElementsAre("GHSA-8fqx-7pv4-3jwm"));
}

TEST(RubyAdvisoryDbTest, WithoutAPatchEveryVersionIsAffected) {
  EXPECT_EQ(Told(WithId(ReadText(RubyAdvisoryDb(), "gem: a\ntitle: x\n",
                                 "gems/a/OSVDB-1.yml"),
                        "OSVDB-1")),
            "RubyGems a [>=0]");
}

TEST(RubyAdvisoryDbTest, BrokenRecordsAreSkipped) {
  for (const char* text :
       {"", "- a", "cve: 2008-1\n", "gem: [a]\ncve: 2008-1\n",
        "gem: a\ncve: 2008-1\npatched_versions: {a: b}\n",
        "gem: a\ncve: 2008-1\npatched_versions: [\"~> \"]\n",
        "gem: a\ncve: 2008-1\npatched_versions: [\">= 1;2\"]\n",
        "gem: a\n  b: c\n"}) {
    EXPECT_THAT(ReadText(RubyAdvisoryDb(), text, "gems/a/1.yml").skipped,
                SizeIs(1))
        << text;
  }
}

TEST(RubyAdvisoryDbTest, TheCorpussGemsAreRead) {
  if (!testing::Corpus()) GTEST_SKIP() << "no corpus";
  const KeptRecords kept =
      ReadCorpus(RubyAdvisoryDb(), "vulndb/native/ruby-advisory-db.zip");
  EXPECT_THAT(kept.skipped, IsEmpty()) << FirstSkipped(kept);
  EXPECT_EQ(kept.advisories.size(), 1234u);
  EXPECT_EQ(Told(WithId(kept, "CVE-2011-0446")),
            "RubyGems actionpack [>=0 <2.3.11] [>=2.4.a <3.0.4]");
  size_t everything = 0, unrated = 0;
  for (const Advisory& advisory : kept.advisories) {
    everything += Told(advisory).ends_with(" [>=0]") ? 1 : 0;
    unrated += advisory.details.severity == model::Severity::kUnknown ? 1 : 0;
  }
  EXPECT_EQ(everything, 81u);
  EXPECT_EQ(unrated, 115u);
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
