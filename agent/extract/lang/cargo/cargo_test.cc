#include "agent/extract/lang/cargo/cargo.h"

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

constexpr char kPath[] = "app/Cargo.lock";

constexpr char kLock[] =
    "version = 3\n\n"
    "[[package]]\nname = \"mine\"\nversion = \"0.1.0\"\n"
    "dependencies = [\n \"libc\",\n]\n\n"
    "[[package]]\nname = \"libc\"\nversion = \"0.2.54\"\n"
    "source = \"registry+https://github.com/rust-lang/crates.io-index\"\n";

TEST(CargoTest, PackagesWithASourceAreKept) {
  EXPECT_THAT(RowsOf(Cargo(), kPath, kLock), ElementsAre("libc 0.2.54"));
}

TEST(CargoTest, LocksOfFetchedSourcesAreNotWanted) {
  EXPECT_FALSE(Cargo().Wants(
      "root/.cargo/registry/src/index.crates.io-6f17/rand-0.8/Cargo.lock"));
  EXPECT_FALSE(Cargo().Wants("app/MyCargo.lock"));
}

TEST(CargoTest, ADamagedLockIsAProblem) {
  const auto extract =
      Extract(Cargo(), kPath, std::string(kLock) + "[metadata]\n[[package]\n");
  EXPECT_THAT(Rows(extract), ElementsAre("libc 0.2.54"));
  EXPECT_EQ(extract.problem, "line 15: no ']'");
}

TEST(CargoTest, DamagedLocksEndInAnExtract) {
  ExtractFromDamaged(Cargo(), kPath, kLock);
}

TEST(CargoTest, CorpusComesOutAsExpected) {
  const char kOwn[] = "a package of the workspace itself";
  ExpectCorpus(Cargo(), "trivy-parser",
               {{.fixture = "rust/cargo/testdata/cargo_normal.lock",
                 .path = kPath,
                 .otherwise = {{"-normal 0.1.0", kOwn}}},
                {.fixture = "rust/cargo/testdata/cargo_mixed.lock",
                 .path = kPath,
                 .otherwise = {{"-normal 0.1.0", kOwn}}},
                {.fixture = "rust/cargo/testdata/cargo_v3.lock",
                 .path = kPath,
                 .otherwise = {{"-app 0.1.0", kOwn}}}});
}

}  // namespace
}  // namespace landwaiter::agent::extract::lang
