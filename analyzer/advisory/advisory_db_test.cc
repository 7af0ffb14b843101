#include "analyzer/advisory/advisory_db.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"

namespace landwaiter::analyzer::advisory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Advisory MakeAdvisory(const std::string& id, const std::string& ecosystem,
                      const std::string& package) {
  Advisory advisory;
  advisory.details.id = id;
  advisory.details.aliases = {"CVE-" + id};
  Affected& affected = advisory.affected.emplace_back();
  affected.ecosystem = ecosystem;
  affected.package = package;
  affected.ranges = {{{EventKind::kIntroduced, "0"}, {EventKind::kFixed, id}}};
  return advisory;
}

class AdvisoryDbTest : public ::testing::Test {
 protected:
  std::unique_ptr<AdvisoryDb> Make(const std::vector<Advisory>& advisories) {
    auto writer = AdvisoryDbWriter::Create(path_).value();
    for (const Advisory& advisory : advisories) {
      EXPECT_EQ(writer->Add(advisory), absl::OkStatus());
    }
    EXPECT_EQ(writer->Finish("v1", "a report"), absl::OkStatus());
    auto db = AdvisoryDb::Open(path_);
    EXPECT_TRUE(db.ok()) << db.status();
    return *std::move(db);
  }

  // The ids of the advisories for the package.
  static std::vector<std::string> Lookup(const AdvisoryDb& db,
                                         const std::string& ecosystem,
                                         const std::string& package) {
    std::vector<std::string> ids;
    EXPECT_EQ(db.ForEach(ecosystem, package,
                         [&](const AffectedView& entry) {
                           ids.push_back(db.Find(entry.advisory).value().id);
                         }),
              absl::OkStatus());
    return ids;
  }

  landwaiter::testing::TempDir dir_;
  std::string path_ = dir_.path() + "/db.lmdb";
};

TEST_F(AdvisoryDbTest, WhatWasWrittenIsFoundByEcosystemAndPackage) {
  const auto db = Make({MakeAdvisory("1", "Debian:12", "curl"),
                        MakeAdvisory("2", "Debian:12", "curl"),
                        MakeAdvisory("3", "Debian:12", "curl-dev"),
                        MakeAdvisory("4", "Debian:1", "2curl"),
                        MakeAdvisory("5", "Debian:11", "curl")});
  EXPECT_THAT(Lookup(*db, "Debian:12", "curl"), ElementsAre("1", "2"));
  EXPECT_THAT(Lookup(*db, "Debian:12", "curl-dev"), ElementsAre("3"));
  EXPECT_THAT(Lookup(*db, "Debian:12", "cur"), IsEmpty());
  EXPECT_THAT(Lookup(*db, "Debian:13", "curl"), IsEmpty());
  EXPECT_THAT(Lookup(*db, "zzz", "zzz"), IsEmpty());
  EXPECT_EQ(db->version(), "v1");
  EXPECT_EQ(db->report(), "a report");
}

TEST_F(AdvisoryDbTest, OnlyEcosystemsWithAdvisoriesAreCovered) {
  const auto db = Make({MakeAdvisory("1", "Debian:12", "curl")});
  EXPECT_TRUE(db->Covers("Debian:12").value());
  EXPECT_FALSE(db->Covers("Debian:1").value());
  EXPECT_FALSE(db->Covers("Debian:13").value());
}

TEST_F(AdvisoryDbTest, MoreThanOneTransactionIsWritten) {
  std::vector<Advisory> advisories;
  for (int i = 0; i < 5000; ++i) {
    advisories.push_back(
        MakeAdvisory(std::to_string(i), "Debian:12", "p" + std::to_string(i)));
  }
  const auto db = Make(advisories);
  EXPECT_THAT(Lookup(*db, "Debian:12", "p0"), ElementsAre("0"));
  EXPECT_THAT(Lookup(*db, "Debian:12", "p4999"), ElementsAre("4999"));
}

TEST_F(AdvisoryDbTest, ThreadsReadAtOnce) {
  const auto db = Make({MakeAdvisory("1", "Debian:12", "curl"),
                        MakeAdvisory("2", "Debian:12", "curl")});
  std::atomic<int> found = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 500; ++n) {
        found += static_cast<int>(Lookup(*db, "Debian:12", "curl").size());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(found, 4 * 500 * 2);
}

TEST_F(AdvisoryDbTest, AnIncompleteOrForeignFileIsRefused) {
  EXPECT_EQ(AdvisoryDb::Open(path_).status().code(),
            absl::StatusCode::kNotFound);
  {
    auto writer = AdvisoryDbWriter::Create(path_).value();
    ASSERT_EQ(writer->Add(MakeAdvisory("1", "Debian:12", "curl")),
              absl::OkStatus());
  }
  EXPECT_EQ(AdvisoryDb::Open(path_).status().code(),
            absl::StatusCode::kFailedPrecondition);
  landwaiter::testing::WriteFile(path_, std::string(8192, 'x'));
  EXPECT_EQ(AdvisoryDb::Open(path_).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
