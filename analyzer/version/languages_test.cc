// The orderings of languages' ecosystems: what their documents say, in chains,
// and what every ordering owes.
#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/version/alpm.h"
#include "analyzer/version/bitnami.h"
#include "analyzer/version/components.h"
#include "analyzer/version/conan.h"
#include "analyzer/version/go.h"
#include "analyzer/version/maven.h"
#include "analyzer/version/nuget.h"
#include "analyzer/version/openssl.h"
#include "analyzer/version/ordering_matchers.h"
#include "analyzer/version/packagist.h"
#include "analyzer/version/pep440.h"
#include "analyzer/version/pub.h"
#include "analyzer/version/rubygems.h"
#include "analyzer/version/semver.h"
#include "core/base/strings.h"
#include "gtest/gtest.h"

namespace landwaiter::analyzer::version {
namespace {

struct Ordering {
  const char* name;
  Compare compare;
  // Ascending; what is equal stands on one line, parted by spaces.
  std::vector<std::string_view> chain;
  // What random versions are made of.
  std::vector<std::string_view> pieces;
  // Not for all texts: as the tool itself, see the header.
  bool transitive = true;
};

const Ordering kOrderings[] = {
    {"Bitnami",
     CompareBitnami,
     {"1.2.3-rc.1", "1.2.3 1.2.3-0", "1.2.3-1", "1.2.3-10", "1.2.4", "1.10"},
     {"1", "2", "10", ".", "-", "-1", "-rc", "0"}},
    {"Semver",
     CompareSemver,
     {"", "0.9.9", "1.0.0-0 1-0", "1.0.0-alpha 1.0.0alpha 1.0.0.alpha",
      "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta.2", "1.0.0-beta.11",
      "1.0.0 1.0.0+build v1.0.0 =1.0.0 1", "1.0.1-rc.1", "1.0.1",
      "1.0.1.1 1.0.1.1.0", "1.10.0", "99999999999999999999.0.0"},
     {"1", "0", "10", ".", "-", "+", "rc", "a", "v"}},
    {"Nuget",
     CompareNuget,
     {"1.0-Alpha 1.0.0-alpha 1.0.0.0-ALPHA", "1.0-beta2", "1.0 1.0.0.0 1.0+any",
      "1.0.0.1"},
     {"1", "0", ".", "-", "A", "a", "b"}},
    {"Pub",
     ComparePub,
     {"1.0.0-pre", "1.0.0-pre+1", "1.0.0 v1.0.0", "1.0.0+1", "1.0.0+2",
      "1.0.0+10", "1.0.0+a", "1.0.1"},
     {"1", "0", ".", "-", "+", "a"}},
    {"Go",
     CompareGo,
     {"v0.0.0-20190308221718-c2843e01d9a2",
      "v0.0.0-20200622213623-75b288015ac9", "v0.0.1",
      "v1.2.3-0.20191109021931-daa7c04131f5", "v1.2.3-rc.1",
      "v1.2.3 1.2.3 v1.2.3+incompatible",
      "v1.2.4-0.20191109021931-daa7c04131f5", "go1.21beta1",
      "1.21rc2 go1.21rc2", "go1.21rc10", "1.21 1.21.0 go1.21.0", "go1.21.9",
      "1.22.1"},
     {"1", "0", ".", "-", "rc", "beta", "10", "go", "v"}},
    {"Cran",
     CompareCran,
     {"0.9", "0.10 0-10 0.010", "1", "1.0 1-0", "1.0.0", "1.0-1"},
     {"1", "0", ".", "-", "10", "x"}},
    {"Hackage",
     CompareHackage,
     {"0.9", "0.10", "1", "1.0", "1.0.0"},
     {"1", "0", ".", "10", "x"}},
    {"Pep440",
     ComparePep440,
     {"nonsense", "1.0-whatever", "0.9",
      "1.0.dev1 1.0-dev1 1.0dev1 1.0.DEV1 v1.0.dev1",
      "1.0a1.dev1 1.0a.1.dev1 1.0-alpha-1_dev1", "1.0a1 1.0alpha1 1.0.alpha-1",
      "1.0a2", "1.0b 1.0b0 1.0beta", "1.0rc1 1.0c1 1.0-pre1 1.0.preview_1",
      "1.0 1 1.0.0 v1.0", "1.0+a", "1.0+a.1", "1.0+1 1.0+01", "1.0.post1.dev1",
      "1.0.post1 1.0-1 1.0.rev1 1.0r1", "1.0.1", "1.10", "1!0.1"},
     {"1", "0", ".", "-", "a", "rc", "dev", "post", "+", "!", "_", "x"}},
    {"Rubygems",
     CompareRubygems,
     {"0.9", "1.a 1.0.a 1.0.0.a", "1.0.a.1 1.a1", "1.0.b1", "1-a 1.pre.a",
      "1.0.rc1", "1 1.0 1.0.0", "1.0.1", "1.10"},
     {"1", "0", ".", "-", "a", "b", "10"}},
    {"Packagist",
     ComparePackagist,
     {"1.0-unheard", "1.0-dev", "1.0a1 1.0alpha1 v1.0-alpha.1", "1.0-alpha2",
      "1.0b1 1.0-beta1", "1.0RC1 1.0rc1 V1.0-RC.1", "1.0 v1.0", "1.0.0",
      "1.0.1"},
     {"1", "0", ".", "-", "a", "RC", "p", "dev", "x"}},
    {"Maven",
     CompareMaven,
     {"1-alpha-1 1-a1 1.0.0-ALPHA-1 1alpha1", "1-beta-1 1b1", "1-m3",
      "1-rc 1-cr", "1-SNAPSHOT", "1 1.0 1-0 1.ga 1-final 1.0.0-RELEASE 1.0-ga",
      "1-sp", "1-abc", "1-xyz", "1-1", "1.0.1", "1.1-SNAPSHOT", "1.1", "1.10"},
     {"1", "0", ".", "-", "a", "sp", "rc", "x", "ga", "10"},
     /*transitive=*/false},
    {"Conan",
     CompareConan,
     {"1.0-", "1.0-alpha.3", "1.0-alpha.22 1-ALPHA.22.0", "1 1.0 1.0.0",
      "1.0+b1", "1.0+b2", "1.1", "1.1a", "1.2", "1.10", "1.a", "1.b", "cci.1"},
     {"1", "0", ".", "-", "+", "a", "10", "*"}},
    {"Openssl",
     CompareOpenssl,
     {"0.9.8", "0.9.8y", "0.9.8z", "0.9.8zg", "1.0.2-beta1", "1.0.2-beta10",
      "1.0.2", "1.0.2a", "3.0.0-alpha17", "3.0.0-beta1", "3.0.0", "3.0.13"},
     {"1", "0", ".", "-", "a", "z", "beta"}},
    {"Alpm",
     CompareAlpm,
     {"1.0a", "1.0alpha", "1.0b", "1.0rc", "1.0 0:1.0", "1.0.a", "1.0.1",
      "1.10", "1:0.1"},
     // Without a hyphen: what has a release and what has none do not sort
     // together.
     {"1", "0", ".", "..", "a", "b", "10", ":"},
     /*transitive=*/false},
};

class LanguageOrderingTest : public ::testing::TestWithParam<Ordering> {};

TEST_P(LanguageOrderingTest, EveryPairOfTheChainIsInOrder) {
  const auto& [name, compare, chain, pieces, transitive] = GetParam();
  for (size_t i = 0; i < chain.size(); ++i) {
    for (size_t j = 0; j < chain.size(); ++j) {
      for (const std::string_view a : base::Split(chain[i], ' ')) {
        for (const std::string_view b : base::Split(chain[j], ' ')) {
          EXPECT_EQ(Relation(compare, a, b), Sign(i <=> j))
              << "\"" << a << "\" \"" << b << "\"";
        }
      }
    }
  }
}

TEST_P(LanguageOrderingTest, RandomVersionsObeyTheLawsOfAnOrder) {
  const auto& [name, compare, chain, pieces, transitive] = GetParam();
  std::mt19937 random(20240229);
  const auto make = [&] {
    std::string version;
    for (size_t n = 1 + random() % 5; n > 0; --n) {
      version += pieces[random() % pieces.size()];
    }
    return version;
  };
  for (int i = 0; i < 10'000; ++i) {
    std::vector<std::string> three = {make(), make(), make()};
    const auto at_most = [&](int a, int b) {
      return compare(three[a], three[b]) <= 0;
    };
    for (int a = 0; a < 3; ++a) {
      ASSERT_TRUE(compare(three[a], three[a]) == 0) << three[a];
      for (int b = 0; b < 3; ++b) {
        ASSERT_NE(Relation(compare, three[a], three[b]), "?")
            << three[a] << " " << three[b];
        const int c = 3 - a - b;
        if (!transitive || a == b || c < 0 || c > 2 || !at_most(a, b) ||
            !at_most(b, c)) {
          continue;
        }
        ASSERT_TRUE(at_most(a, c))
            << three[a] << " <= " << three[b] << " <= " << three[c];
      }
    }
  }
}

TEST_P(LanguageOrderingTest, LongTextsTakeLittleTimeAndNoStack) {
  const auto& [name, compare, chain, pieces, transitive] = GetParam();
  for (const std::string_view piece : pieces) {
    std::string text;
    while (text.size() < 50'000) text += base::StrCat(piece, "1-");
    EXPECT_TRUE(compare(text, text) == 0);
    EXPECT_NE(Relation(compare, text, text + "2"), "?");
  }
}

INSTANTIATE_TEST_SUITE_P(Languages, LanguageOrderingTest,
                         ::testing::ValuesIn(kOrderings),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace landwaiter::analyzer::version
