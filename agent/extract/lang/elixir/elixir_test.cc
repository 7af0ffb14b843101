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

TEST(ElixirTest, ErlangsLockIsRead) {
  EXPECT_THAT(
      RowsOf(Elixir(), "app/rebar.lock",
             "{\"1.2.0\",\n"
             "[{<<\"as\">>,{pkg,<<\"certifi\">>,<<\"2.9.0\">>},0},\n"
             " {<<\"git\">>,{git,\"https://example.org\",{ref,\"1\"}},0},"
             "\n {<<\"idna\">>,{pkg,<<\"idna\">>,<<\"6.1.1\">>},0}]}.\n"
             "[{pkg_hash,[\n {<<\"as\">>, <<\"6F2A\">>}]}].\n"),
      ElementsAre("certifi 2.9.0", "idna 6.1.1"));
}

TEST(ElixirTest, CorpusErlangLockComesOutWhole) {
  const auto corpus = extract::testing::Corpus();
  if (!corpus.has_value()) GTEST_SKIP() << "LANDWAITER_CORPUS is not set";
  EXPECT_THAT(RowsOf(Elixir(), "rebar.lock",
                     extract::testing::ReadFile(
                         *corpus + "/lang/syft/erlang/testdata/rebar.lock")),
              ElementsAre("certifi 2.9.0", "idna 6.1.1", "metrics 1.0.1",
                          "mimerl 1.2.0", "parse_trans 3.3.1",
                          "ssl_verify_fun 1.1.6", "unicode_util_compat 0.7.0"));
}

}  // namespace
}  // namespace landwaiter::agent::extract::lang
