#include "agent/extract/os/rpm/rpm.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "agent/extract/os/rpm/testing/databases.h"
#include "agent/extract/testing/fixtures.h"

namespace landwaiter::agent::extract::os {
namespace {

using extract::testing::Extract;
using extract::testing::ExtractFromDamaged;
using extract::testing::Lines;
using os::testing::MakeBdb;
using os::testing::MakeHeader;
using os::testing::MakeNdb;
using os::testing::MakeSqlite;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAreArray;

constexpr char kPath[] = "var/lib/rpm/Packages";

// Headers of every size from one page's part to many pages.
struct Sample {
  std::vector<std::string> headers;
  std::vector<std::string> lines;
};
Sample MakeSample() {
  Sample sample;
  for (int i = 0; i < 60; ++i) {
    const std::string name = "package" + std::to_string(i);
    sample.headers.push_back(
        MakeHeader({.name = name,
                    .source_rpm = name + "-1-2.src.rpm",
                    .padding = static_cast<uint64_t>(i) * i * 11}));
    sample.lines.push_back(name + " 5.1.8-6.el9 x86_64 " + name + " 1-2");
  }
  return sample;
}

TEST(RpmTest, WantsEveryPlaceAndFormat) {
  const Rpm rpm;
  EXPECT_TRUE(rpm.Wants("var/lib/rpm/Packages"));
  EXPECT_TRUE(rpm.Wants("usr/lib/sysimage/rpm/Packages.db"));
  EXPECT_TRUE(rpm.Wants("usr/share/rpm/rpmdb.sqlite"));
  EXPECT_FALSE(rpm.Wants("var/lib/rpm/Name"));
  EXPECT_FALSE(rpm.Wants("var/lib/rpm/__db.001"));
}

TEST(RpmTest, EveryFormatGivesItsPackages) {
  const Sample sample = MakeSample();
  const std::pair<const char*, std::string> kDatabases[] = {
      {"bdb", MakeBdb(sample.headers)},
      {"bdb big-endian", MakeBdb(sample.headers, std::endian::big)},
      {"bdb 512", MakeBdb(sample.headers, std::endian::little, 512)},
      {"bdb 32768", MakeBdb(sample.headers, std::endian::big, 32768)},
      {"ndb", MakeNdb(sample.headers)},
      {"sqlite", MakeSqlite(sample.headers)},
      {"sqlite 512", MakeSqlite(sample.headers, "PRAGMA page_size = 512")},
      {"sqlite 65536", MakeSqlite(sample.headers, "PRAGMA page_size = 65536")},
      {"sqlite vacuum", MakeSqlite(sample.headers, "PRAGMA auto_vacuum = 1")},
  };
  for (const auto& [format, bytes] : kDatabases) {
    const auto extract = Extract(Rpm(), kPath, bytes);
    EXPECT_EQ(extract.problem, "") << format;
    EXPECT_THAT(Lines(extract.packages),
                UnorderedElementsAreArray(sample.lines))
        << format;
  }
}

TEST(RpmTest, ManyPackagesMakeDeepTreesAndManySlotPages) {
  std::vector<std::string> headers;
  for (int i = 0; i < 3000; ++i) {
    headers.push_back(MakeHeader({.name = "p" + std::to_string(i)}));
  }
  for (const std::string& bytes :
       {MakeNdb(headers), MakeSqlite(headers, "PRAGMA page_size = 512")}) {
    const auto extract = Extract(Rpm(), kPath, bytes);
    EXPECT_EQ(extract.problem, "");
    EXPECT_EQ(extract.packages.size(), 3000u);
  }
}

TEST(RpmTest, EmptyDatabasesAreNoProblem) {
  for (const std::string& bytes : {MakeBdb({}), MakeNdb({}), MakeSqlite({})}) {
    const auto extract = Extract(Rpm(), kPath, bytes);
    EXPECT_EQ(extract.problem, "");
    EXPECT_TRUE(extract.packages.empty());
  }
}

TEST(RpmTest, AFileThatIsNoDatabaseIsAProblem) {
  for (const std::string& bytes :
       {std::string(), std::string("bogus"), std::string(100'000, '\0'),
        std::string("SQLite format 3\0", 16), std::string("RpmP"),
        "RpmP" + std::string(5000, '\xFF')}) {
    const auto extract = Extract(Rpm(), kPath, bytes);
    EXPECT_NE(extract.problem, "") << bytes.substr(0, 16);
    EXPECT_TRUE(extract.packages.empty());
  }
}

TEST(RpmTest, ABrokenHeaderIsAProblemAndTheOthersAreKept) {
  const std::vector<std::string> headers = {MakeHeader({.name = "a"}),
                                            std::string(3000, '\xFF'),
                                            MakeHeader({.name = "b"})};
  for (const std::string& bytes :
       {MakeBdb(headers), MakeNdb(headers), MakeSqlite(headers)}) {
    const auto extract = Extract(Rpm(), kPath, bytes);
    EXPECT_EQ(extract.problem, "header 2: not an rpm header");
    EXPECT_EQ(extract.packages.size(), 2u);
  }
}

TEST(RpmTest, ALogThatIsNotEmptyIsAProblem) {
  const std::string path = "var/lib/rpm/rpmdb.sqlite-wal";
  EXPECT_EQ(Extract(Rpm(), path, "").problem, "");
  EXPECT_THAT(Extract(Rpm(), path, "1234").problem,
              HasSubstr("a write-ahead log of 4 bytes"));
}

TEST(RpmTest, DamagedDatabasesEndInAnExtract) {
  const Sample sample = MakeSample();
  EXPECT_EQ(ExtractFromDamaged(Rpm(), kPath, MakeBdb(sample.headers)), 50);
  EXPECT_EQ(ExtractFromDamaged(Rpm(), kPath,
                               MakeBdb(sample.headers, std::endian::big, 512)),
            50);
  EXPECT_EQ(ExtractFromDamaged(Rpm(), kPath, MakeNdb(sample.headers)), 50);
  EXPECT_EQ(ExtractFromDamaged(Rpm(), kPath, MakeSqlite(sample.headers)), 50);
  EXPECT_EQ(
      ExtractFromDamaged(Rpm(), kPath,
                         MakeSqlite(sample.headers, "PRAGMA page_size = 512")),
      50);
}

}  // namespace
}  // namespace landwaiter::agent::extract::os
