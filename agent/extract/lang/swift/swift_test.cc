#include "agent/extract/lang/swift/swift.h"

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

TEST(SwiftTest, PinsAreNamedByTheirAddress) {
  EXPECT_THAT(RowsOf(Swift(), "app/Package.resolved",
                     R"({"pins": [
  {"location": "https://github.com/Quick/Nimble.git",
   "state": {"revision": "c93f", "version": "9.2.1"}},
  {"location": "git@example.org:a/b", "state": {"version": "1.0.0"}},
  {"location": "https://me:x@example.org/c", "state": {"version": "2.0.0"}},
  {"location": "https://example.org/d", "state": {"branch": "main"}}],
  "version": 2})"),
              ElementsAre("example.org/a/b 1.0.0", "example.org/c 2.0.0",
                          "github.com/Quick/Nimble 9.2.1"));
}

TEST(SwiftTest, PodsAreKept) {
  EXPECT_THAT(RowsOf(Swift(), "app/Podfile.lock",
                     "PODS:\n  - A (4.2.0):\n    - A/Core (= 4.2.0)\n"
                     "  - B (1.0)\n\nDEPENDENCIES:\n  - A (~> 4)\n"
                     "COCOAPODS: 1.11.2\n"),
              ElementsAre("A 4.2.0", "B 1.0"));
}

TEST(SwiftTest, DamagedLocksEndInAnExtract) {
  EXPECT_GT(
      ExtractFromDamaged(Swift(), "Package.resolved",
                         R"({"pins": [{"location": "https://example.org/a",
                    "state": {"version": "1.0"}}], "version": 2})"),
      30);
  ExtractFromDamaged(Swift(), "Podfile.lock", "PODS:\n  - A (1.0):\n    - B\n");
}

TEST(SwiftTest, CorpusComesOutAsExpected) {
  ExpectCorpus(Swift(), "trivy-parser",
               {{.fixture = "swift/swift/testdata/happy-v1-Package.resolved",
                 .path = "Package.resolved"},
                {.fixture = "swift/swift/testdata/happy-v2-Package.resolved",
                 .path = "Package.resolved",
                 .otherwise = {{"-github.com/element-hq/swift-ogg 0.0.1",
                                "a branch, not a version"}}},
                {.fixture = "swift/cocoapods/testdata/happy.lock",
                 .path = "Podfile.lock"}});
  ExpectCorpus(Swift(), "trivy-analyzer",
               {{.fixture = "swift/swift/testdata/happy/Package.resolved",
                 .path = "Package.resolved"},
                {.fixture = "swift/cocoapods/testdata/happy.lock",
                 .path = "Podfile.lock"}});
}

}  // namespace
}  // namespace landwaiter::agent::extract::lang
