#include "agent/extract/lang/dart/dart.h"

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

constexpr char kPath[] = "app/pubspec.lock";

constexpr char kLock[] =
    "packages:\n"
    "  crypto:\n"
    "    dependency: transitive\n"
    "    description: {name: crypto, url: 'https://pub.example.org'}\n"
    "    source: hosted\n"
    "    version: \"3.0.2\"\n"
    "  lints:\n"
    "    dependency: \"direct dev\"\n"
    "    source: hosted\n"
    "    version: \"2.0.0\"\n"
    "  flutter:\n"
    "    dependency: \"direct main\"\n"
    "    source: sdk\n"
    "    version: \"0.0.0\"\n"
    "  beside:\n"
    "    source: path\n"
    "    version: \"1.0.0\"\n"
    "sdks:\n"
    "  dart: \">=2.18.0 <3.0.0\"\n";

TEST(DartTest, HostedPackagesAreKept) {
  EXPECT_THAT(RowsOf(Dart(), kPath, kLock),
              ElementsAre("crypto 3.0.2", "lints 2.0.0 dev"));
}

TEST(DartTest, ADamagedLockIsAProblem) {
  const auto extract =
      Extract(Dart(), kPath, std::string(kLock) + "x: [\n  - :");
  EXPECT_NE(extract.problem, "");
  EXPECT_THAT(Rows(extract), ElementsAre("crypto 3.0.2", "lints 2.0.0 dev"));
}

TEST(DartTest, DamagedLocksEndInAnExtract) {
  ExtractFromDamaged(Dart(), kPath, kLock);
}

TEST(DartTest, CorpusComesOutAsExpected) {
  const char kSdk[] = "comes with the SDK, has no version of its own";
  ExpectCorpus(Dart(), "trivy-parser",
               {{.fixture = "dart/pub/testdata/happy.lock",
                 .path = kPath,
                 .otherwise = {{"-flutter_test 0.0.0", kSdk},
                               {"-flutter_test 3.3.0", kSdk}}}});
}

}  // namespace
}  // namespace landwaiter::agent::extract::lang
