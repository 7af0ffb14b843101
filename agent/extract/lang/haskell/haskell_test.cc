#include "agent/extract/lang/haskell/haskell.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "agent/extract/lang/testing/rows.h"
#include "agent/extract/testing/fixtures.h"

namespace landwaiter::agent::extract::lang {
namespace {

using extract::testing::Extract;
using extract::testing::ExtractFromDamaged;
using ::testing::ElementsAre;
using testing::ExpectCorpus;
using ::testing::IsEmpty;
using testing::Rows;
using testing::RowsOf;

TEST(HaskellTest, AStackLockTellsWhatIsBeyondTheSnapshot) {
  EXPECT_THAT(RowsOf(Haskell(), "app/stack.yaml.lock",
                     "packages:\n"
                     "- completed:\n"
                     "    hackage: hasql-pool-1.0.1@sha256:3c,2302\n"
                     "  original:\n"
                     "    hackage: hasql-pool-1.0.1\n"
                     "snapshots: []\n"),
              ElementsAre("hasql-pool 1.0.1"));
}

TEST(HaskellTest, AFreezeFileTellsExactVersions) {
  EXPECT_THAT(RowsOf(Haskell(), "app/cabal.project.freeze",
                     "constraints: any.Cabal ==3.2.1.0,\n"
                     "             any.base installed,\n"
                     "             tls +compat,\n"
                     "             any.Only ==0.1\n"),
              ElementsAre("Cabal 3.2.1.0", "Only 0.1"));
}

TEST(HaskellTest, DamagedLocksEndInAnExtract) {
  ExtractFromDamaged(Haskell(), "stack.yaml.lock",
                     "packages:\n- completed:\n    hackage: a-1.0\n");
}

TEST(HaskellTest, CorpusComesOutWhole) {
  const auto corpus = extract::testing::Corpus();
  if (!corpus.has_value()) GTEST_SKIP() << "LANDWAITER_CORPUS is not set";
  const std::string folder = *corpus + "/lang/syft/haskell/testdata/";
  // Counted by hand: entries with "completed", and lines with "==".
  EXPECT_EQ(RowsOf(Haskell(), "stack.yaml.lock",
                   extract::testing::ReadFile(folder + "stack.yaml.lock"))
                .size(),
            9u);
  EXPECT_EQ(RowsOf(Haskell(), "cabal.project.freeze",
                   extract::testing::ReadFile(folder + "cabal.project.freeze"))
                .size(),
            11u);
}

}  // namespace
}  // namespace landwaiter::agent::extract::lang
