#include "analyzer/advisory/rustsec/rustsec.h"

#include <map>
#include <string>

#include "analyzer/advisory/feed_corpus.h"
#include "analyzer/advisory/osv/osv_format.h"
#include "analyzer/version/semver.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"

namespace landwaiter::analyzer::advisory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string Record(const std::string& head, const std::string& versions) {
  return "```toml\n[advisory]\n" + head + "\n[versions]\n" + versions +
         "\n```\n\n# A title\n\nText.\n";
}

TEST(RustsecTest, AffectedIsWhatIsNeitherPatchedNorUnaffected) {
  const KeptRecords kept = ReadText(
      Rustsec(), Record("id = \"RUSTSEC-2020-1\"\npackage = \"a\"\n"
                        "date = \"2020-12-21\"\n"
                        "cvss = \"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/"
                        "A:H\"\naliases = [\"GHSA-1\", \"CVE-2020-1\"]\n"
                        "url = \"https://a.example\"",
                        "patched = [\">= 0.9.1, < 1.0.0\", \"^1.2\"]\n"
                        "unaffected = [\"< 0.3.0\"]"));
  const Advisory& advisory = WithId(kept, "RUSTSEC-2020-1");
  EXPECT_EQ(Told(advisory),
            "crates.io a [>=0.3.0 <0.9.1] [>=1.0.0 <1.2] [>=2.0.0-0]");
  EXPECT_EQ(advisory.details.summary, "A title");
  EXPECT_EQ(advisory.details.severity, model::Severity::kHigh);
  EXPECT_EQ(advisory.details.published, "2020-12-21T00:00:00Z");
  EXPECT_THAT(advisory.details.aliases, ElementsAre("CVE-2020-1", "GHSA-1"));
  EXPECT_THAT(advisory.details.references,
              ElementsAre("https://rustsec.org/advisories/RUSTSEC-2020-1.html",
                          "https://a.example"));
}

TEST(RustsecTest, InformationIsKeptAsSuch) {
  const auto told = [](const std::string& word) {
    return Told(
        WithId(ReadText(Rustsec(), Record("id = \"R\"\npackage = \"a\"\n"
                                          "informational = \"" +
                                              word + "\"",
                                          "patched = []")),
               "R"));
  };
  EXPECT_EQ(told("unmaintained"),
            "crates.io a [>=0] end of life (unmaintained)");
  EXPECT_EQ(told("unsound"), "crates.io a [>=0] (unsound)");
}

TEST(RustsecTest, WithdrawnAndBrokenRecordsAreCounted) {
  EXPECT_EQ(ReadText(Rustsec(), Record("id = \"R\"\npackage = \"a\"\n"
                                       "withdrawn = \"2020-01-01\"",
                                       ""))
                .withdrawn,
            1);
  for (const std::string& text :
       {std::string(), std::string("```toml\n[advisory]\n"),
        std::string("```toml\n```"), Record("package = \"a\"", ""),
        Record("id = \"R\"", ""),
        Record("id = \"R\"\npackage = \"a\"", "patched = [\">> 1\"]"),
        Record("id = [\"R\"]", ""), Record("id = \"R", "")}) {
    EXPECT_THAT(ReadText(Rustsec(), text).skipped, SizeIs(1)) << text;
  }
}

// The feed is published in OSV's form too, made by its own tools.
TEST(RustsecTest, TheCorpussRecordsAreThoseOfItsOsvFeed) {
  if (!testing::Corpus()) GTEST_SKIP() << "no corpus";
  const KeptRecords kept =
      ReadCorpus(Rustsec(), "vulndb/native/rustsec-raw.zip");
  const KeptRecords osv =
      ReadCorpus(OsvFormat(), "vulndb/osv/crates.io/all.zip");
  EXPECT_THAT(kept.skipped, IsEmpty()) << FirstSkipped(kept);
  EXPECT_EQ(kept.withdrawn, osv.withdrawn);
  EXPECT_EQ(kept.advisories.size(), 1192u);
  std::map<std::string, const Advisory*> by_id;
  for (const Advisory& advisory : osv.advisories) {
    by_id[advisory.details.id] = &advisory;
  }
  size_t different = 0;
  for (const Advisory& advisory : kept.advisories) {
    const std::string& id = advisory.details.id;
    ASSERT_TRUE(by_id.contains(id)) << id;
    const Advisory& other = *by_id[id];
    EXPECT_EQ(advisory.details.summary, other.details.summary);
    EXPECT_EQ(advisory.details.cvss, other.details.cvss) << id;
    const Affected& ours = advisory.affected.at(0);
    const Affected& theirs = other.affected.at(0);
    // Where what is unaffected ends with a version ("<= 0.6.0"), the other
    // begins with that version, though it is said to be unaffected.
    const std::string version =
        DisputedVersion(ours, theirs, &version::CompareSemver);
    different += version.empty() ? 0 : 1;
    EXPECT_EQ(ours.standing, theirs.standing) << id;
    EXPECT_EQ(ours.statement, theirs.statement) << id;
  }
  EXPECT_EQ(different, 23u);
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
