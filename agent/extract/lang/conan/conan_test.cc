#include "agent/extract/lang/conan/conan.h"

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

constexpr char kPath[] = "app/conan.lock";

TEST(ConanTest, RefsAreNamesAndVersions) {
  EXPECT_THAT(RowsOf(Conan(), kPath,
                     R"({"version": "0.5",
                         "requires": ["zlib/1.2.13#abc%16.7", "odd"],
                         "build_requires": ["cmake/3.25.3@me/stable"]})"),
              ElementsAre("cmake 3.25.3 dev", "zlib 1.2.13"));
}

TEST(ConanTest, ADamagedLockIsAProblemAndKeepsWhatWasRead) {
  const auto extract =
      Extract(Conan(), kPath, R"({"requires": ["zlib/1.2.13", "boost/)");
  EXPECT_THAT(Rows(extract), ElementsAre("zlib 1.2.13"));
  EXPECT_EQ(extract.problem, "line 1: not JSON");
}

TEST(ConanTest, AnotherKindOfFileIsNothing) {
  EXPECT_THAT(RowsOf(Conan(), kPath, "not conan's"), IsEmpty());
  EXPECT_THAT(RowsOf(Conan(), kPath, ""), IsEmpty());
}

TEST(ConanTest, DamagedLocksEndInAnExtract) {
  std::string text = "{\"requires\": [";
  for (int i = 0; i < 50; ++i) text += "\"p" + std::to_string(i) + "/1.0\",";
  EXPECT_GT(ExtractFromDamaged(Conan(), kPath, text + "\"z/1\"]}"), 40);
}

TEST(ConanTest, CorpusComesOutAsExpected) {
  const char kBuild[] = "build requirements are told as development";
  ExpectCorpus(
      Conan(), "trivy-parser",
      {{.fixture = "c/conan/testdata/happy_v1_case1.lock", .path = kPath},
       {.fixture = "c/conan/testdata/happy_v1_case2.lock", .path = kPath},
       {.fixture = "c/conan/testdata/happy_v2.lock",
        .path = kPath,
        .otherwise = {{"+automake 1.16.5 dev", kBuild},
                      {"+autoconf 2.71 dev", kBuild}}}});
}

}  // namespace
}  // namespace landwaiter::agent::extract::lang
