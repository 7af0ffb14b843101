#include "analyzer/advisory/php/friends_of_php.h"

#include <map>
#include <string>

#include "analyzer/advisory/feed_corpus.h"
#include "analyzer/advisory/osv/osv_format.h"
#include "analyzer/version/packagist.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"

namespace landwaiter::analyzer::advisory {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(FriendsOfPhpTest, BranchesAreRanges) {
  const KeptRecords kept = ReadText(FriendsOfPhp(),
                                    "title: bad\n"
                                    "link: https://a.example\n"
                                    "cve: CVE-2025-8671\n"
                                    "branches:\n"
                                    "    3.x:\n"
                                    "        time: 2026-02-08 22:45:00\n"
                                    "        versions: ['>=3.0', '<3.4.4']\n"
                                    "    2.x:\n"
                                    "        time: 2026-02-07 22:45:00\n"
                                    "        versions: ['<2.1.10']\n"
                                    "reference: composer://Acme/Lib\n",
                                    "acme/lib/CVE-2025-8671.yaml");
  const Advisory& advisory = WithId(kept, "CVE-2025-8671");
  EXPECT_EQ(Told(advisory), "Packagist acme/lib [>=3.0 <3.4.4] [>=0 <2.1.10]");
  EXPECT_EQ(advisory.details.published, "2026-02-07T22:45:00Z");
}

TEST(FriendsOfPhpTest, BrokenRecordsAreSkipped) {
  for (const char* text :
       {"", "- a", "title: a\n", "reference: pear://a/b\nbranches: {}\n",
        "reference: composer://a/b\nbranches: 7\n",
        "reference: composer://a/b\nbranches: {a: {versions: []}}\n",
        "reference: composer://a/b\nbranches: {a: {versions: ['>']}}\n",
        "reference: composer://\nbranches: {a: {versions: ['>1']}}\n",
        "reference: &x composer://a/b\nbranches: *x\n"}) {
    EXPECT_THAT(ReadText(FriendsOfPhp(), text, "a/b/1.yaml").skipped, SizeIs(1))
        << text;
  }
}

// 1,585 of them were turned into OSV's form by another reader, by the paths of
// their files.
TEST(FriendsOfPhpTest, TheCorpussRecordsAreThoseThatAnotherReads) {
  if (!testing::Corpus()) GTEST_SKIP() << "no corpus";
  const KeptRecords kept =
      ReadCorpus(FriendsOfPhp(), "vulndb/native/friendsofphp.zip");
  EXPECT_THAT(kept.skipped, IsEmpty()) << FirstSkipped(kept);
  EXPECT_EQ(kept.advisories.size(), 1592u);
  std::multimap<std::string, Affected> read;
  for (const Advisory& advisory : kept.advisories) {
    const Affected& affected = advisory.affected.at(0);
    read.emplace(affected.package, affected);
  }
  const KeptRecords osv =
      ReadCorpus(OsvFormat(), "vulndb/osv/Packagist/all.zip");
  size_t different = 0;
  for (const Advisory& advisory : osv.advisories) {
    const auto [begin, end] = read.equal_range(advisory.affected.at(0).package);
    bool found = false;
    for (auto it = begin; it != end; ++it) {
      found = found || DisputedVersion(it->second, advisory.affected.at(0),
                                       &version::ComparePackagist)
                           .empty();
    }
    if (!found && ++different < 12) {
      ADD_FAILURE() << Told(advisory) << "\n"
                    << (begin == end ? "" : Told(begin->second));
    }
  }
  EXPECT_EQ(different, 0u);
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
