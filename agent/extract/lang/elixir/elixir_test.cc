#include "agent/extract/lang/elixir/elixir.h"

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

constexpr char kPath[] = "app/mix.lock";

constexpr char kLock[] =
    "%{\n"
    "  \"bunt\": {:hex, :bunt, \"0.2.0\", \"951c\", [:mix], []},\n"
    "  \"mine\": {:hex, :\"odd-name\", \"1.0.0-rc.1\", \"12\", [:mix], []},\n"
    "  \"esaml\": {:git, \"https://example.org/esaml.git\", \"4294\", []},\n"
    "}\n";

TEST(ElixirTest, HexPackagesAreKeptByTheirOwnName) {
  EXPECT_THAT(RowsOf(Elixir(), kPath, kLock),
              ElementsAre("bunt 0.2.0", "odd-name 1.0.0-rc.1"));
}

TEST(ElixirTest, AnotherKindOfFileIsNothing) {
  EXPECT_THAT(RowsOf(Elixir(), kPath, "\"a\nb\"\n"), IsEmpty());
}

TEST(ElixirTest, DamagedLocksEndInAnExtract) {
  ExtractFromDamaged(Elixir(), kPath, kLock);
}

TEST(ElixirTest, CorpusComesOutAsExpected) {
  ExpectCorpus(Elixir(), "trivy-parser",
               {{.fixture = "hex/mix/testdata/happy.mix.lock", .path = kPath}});
  ExpectCorpus(
      Elixir(), "trivy-analyzer",
      {{.fixture = "elixir/mix/testdata/happy.mix.lock", .path = kPath}});
}

}  // namespace
}  // namespace landwaiter::agent::extract::lang
