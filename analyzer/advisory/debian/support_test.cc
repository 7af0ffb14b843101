#include "analyzer/advisory/debian/support.h"

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

constexpr char kName[] = "security-support-ended.deb12";

TEST(DebianSupportTest, SupportEndsWithAVersion) {
  const KeptRecords kept =
      ReadText(DebianSupport(),
               "# comment\n\n"
               "suricata  1:6.0.10-1\t2026-04-30  Upstream ended, "
               "https://bugs.debian.org/1; see\n"
               "php-horde.*\t0\t2025-03-22\thttps://lists.debian.org/x\n"
               "nodejs-mozilla 0 2019-01-01\n",
               kName);
  EXPECT_THAT(kept.skipped, IsEmpty()) << FirstSkipped(kept);
  ASSERT_THAT(kept.advisories, SizeIs(2));
  const Advisory& suricata = WithId(kept, "DEBIAN-EOL-12-suricata");
  EXPECT_EQ(Told(suricata),
            "Debian:12 suricata [>=0 <=1:6.0.10-1] end of life (security "
            "support ends on 2026-04-30: Upstream ended, "
            "https://bugs.debian.org/1; see)");
  EXPECT_THAT(suricata.details.references,
              ElementsAre("https://bugs.debian.org/1"));
  EXPECT_EQ(Told(WithId(kept, "DEBIAN-EOL-12-nodejs-mozilla")),
            "Debian:12 nodejs-mozilla [>=0] end of life (security support "
            "ends on 2019-01-01)");
}

TEST(DebianSupportTest, BrokenLinesAreSkippedAndOtherFilesAreErrors) {
  EXPECT_THAT(ReadText(DebianSupport(),
                       "suricata\nsuricata 1\nsuricata new 2026-04-30\n"
                       "suricata 1 soon\n" +
                           std::string(400, 'x') + " 1 2026-04-30\n",
                       kName)
                  .skipped,
              SizeIs(5));
  EXPECT_FALSE(
      StatusOfText(DebianSupport(), "a 1 2026-04-30\n", "anything").ok());
}

TEST(DebianSupportTest, TheCorpussListsAreReadWhole) {
  if (!testing::Corpus()) GTEST_SKIP() << "no corpus";
  const KeptRecords kept =
      ReadCorpus(DebianSupport(), "vulndb/native/debian-eol");
  EXPECT_THAT(kept.skipped, IsEmpty()) << FirstSkipped(kept);
  // grep -vcE '^(#|$)|^\S*\*' of each: 9, 10, 11 and 12.
  EXPECT_EQ(kept.advisories.size(), 20u + 8 + 0 + 15);
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
