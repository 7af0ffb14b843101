// Random versions, compared by the package managers themselves.
#include <random>
#include <string>
#include <vector>

#include "analyzer/version/dpkg.h"
#include "analyzer/version/ordering_matchers.h"
#include "analyzer/version/rpm.h"
#include "core/base/strings.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"

namespace landwaiter::analyzer::version {
namespace {

using ::landwaiter::testing::HaveTool;
using ::landwaiter::testing::RunCommand;
using ::landwaiter::testing::TempDir;
using ::landwaiter::testing::WriteFile;

using Pair = std::pair<std::string, std::string>;

// Versions made of these pieces collide often, so that late differences and
// equality are met too.
class Versions {
 public:
  explicit Versions(std::vector<std::string> pieces)
      : pieces_(std::move(pieces)) {}

  // The second of a pair is often the first with one piece changed.
  std::vector<Pair> Pairs(size_t n) {
    std::vector<Pair> pairs;
    while (pairs.size() < n) {
      std::vector<std::string> a = Make(), b = Random(2) ? a : Make();
      b[Random(b.size())] = pieces_[Random(pieces_.size())];
      pairs.emplace_back(Join(a), Join(b));
    }
    return pairs;
  }

 private:
  size_t Random(size_t below) { return random_() % below; }
  std::vector<std::string> Make() {
    std::vector<std::string> version(1 + Random(6));
    for (auto& piece : version) piece = pieces_[Random(pieces_.size())];
    return version;
  }
  static std::string Join(const std::vector<std::string>& pieces) {
    std::string text = "1";  // dpkg warns of a version without a digit first
    for (const auto& piece : pieces) text += piece;
    return text;
  }

  std::mt19937 random_{20240229};
  std::vector<std::string> pieces_;
};

std::string PairsText(const std::vector<Pair>& pairs) {
  std::string text;
  for (const auto& [a, b] : pairs) base::StrAppend(&text, a, " ", b, "\n");
  return text;
}

void ExpectRelations(Compare compare, const std::vector<Pair>& pairs,
                     const std::string& relations) {
  const std::vector<std::string_view> lines = base::Split(relations, '\n');
  ASSERT_EQ(lines.size(), pairs.size() + 1);
  for (size_t i = 0; i < pairs.size(); ++i) {
    EXPECT_EQ(Relation(compare, pairs[i].first, pairs[i].second), lines[i])
        << pairs[i].first << " and " << pairs[i].second;
  }
}

TEST(VersionOracleTest, DpkgAgreesOnRandomVersions) {
  if (!HaveTool("dpkg")) GTEST_SKIP() << "dpkg is not installed";
  const TempDir dir;
  const auto pairs = Versions({"0", "1", "9", "10", "010", ".", "+", "~", "-1",
                               "a", "z", "rc", "+deb12u1", "~bpo"})
                         .Pairs(400);
  WriteFile(dir.path() + "/pairs", PairsText(pairs));
  ExpectRelations(
      CompareDpkg, pairs,
      RunCommand(
          "while read -r a b; do "
          "if dpkg --compare-versions \"$a\" lt \"$b\"; then echo '<'; "
          "elif dpkg --compare-versions \"$a\" eq \"$b\"; then echo '='; "
          "else echo '>'; fi; done < " +
          dir.path() + "/pairs"));
}

TEST(VersionOracleTest, RpmAgreesOnRandomVersions) {
  if (!HaveTool("rpm")) GTEST_SKIP() << "rpm is not installed";
  const TempDir dir;
  const auto pairs = Versions({"0", "1", "9", "10", "010", ".", "_", "~", "^",
                               "a", "z", "rc", "el8", "git"})
                         .Pairs(5000);
  WriteFile(dir.path() + "/pairs", PairsText(pairs));
  ExpectRelations(
      CompareRpmSegments, pairs,
      RunCommand("rpm --eval '%{lua: for line in io.lines(\"" + dir.path() +
                 "/pairs\") do local a, b = line:match(\"(%S+) (%S+)\"); "
                 "local c = rpm.vercmp(a, b); "
                 "print(c < 0 and \"<\\n\" or c > 0 and \">\\n\" or \"=\\n\") "
                 "end}' | grep -v '^$'"));
}

}  // namespace
}  // namespace landwaiter::analyzer::version
