#include "analyzer/store/sqlite/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "analyzer/store/sqlite/codec.h"
#include "analyzer/store/sqlite/schema.h"
#include "core/base/hash.h"

namespace landwaiter::analyzer::store::sqlite {
namespace {

using ::testing::HasSubstr;

const model::Tenant kTenant{.cluster_uid = "uid-1", .ns = "team-a"};

class SqliteStoreTest : public ::testing::Test {
 protected:
  SqliteStoreTest()
      : dir_(
            std::filesystem::path(::testing::TempDir()) /
            ("landwaiter-sqlite-" + std::to_string(getpid()) + "-" +
             ::testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::remove_all(dir_);
    std::filesystem::create_directories(dir_);
  }
  ~SqliteStoreTest() override { std::filesystem::remove_all(dir_); }

  std::string path() const { return dir_ / "store.db"; }
  absl::StatusOr<std::unique_ptr<Store>> Open(uint64_t max_bytes = 0) {
    return OpenStore({.path = path(), .max_bytes = max_bytes});
  }
  static absl::Status PutRegistry(Store& store, const std::string& uid) {
    return store.Write([&](Transaction& txn) {
      return txn.registries().Put(kTenant, {.uid = uid}).status();
    });
  }

  std::filesystem::path dir_;
};

TEST_F(SqliteStoreTest, WhatWasCommittedIsThereAfterAReopen) {
  ASSERT_TRUE(PutRegistry(**Open(), "r").ok());
  auto store = *Open();
  EXPECT_TRUE(store
                  ->Read([](Transaction& txn) {
                    EXPECT_TRUE(
                        (*txn.registries().Find(kTenant, "r")).has_value());
                    return absl::OkStatus();
                  })
                  .ok());
}

TEST_F(SqliteStoreTest, TheEpochStaysAcrossRestarts) {
  const uint64_t epoch = (*Open())->epoch();
  EXPECT_EQ((*Open())->epoch(), epoch);
}

TEST(CodecTest, DamageIsNoticed) {
  const std::string bytes = "a report of " + std::string(1000, 'x');
  const std::string stored = Compress(bytes);
  EXPECT_EQ(*Decompress(stored, bytes.size()), bytes);
  size_t refused = 0;
  for (size_t i = 0; i < stored.size(); ++i) {
    std::string damaged = stored;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    const auto read = Decompress(damaged, bytes.size());
    // A bit of the frame's header may mean nothing.
    EXPECT_TRUE(!read.ok() || *read == bytes) << i;
    refused += read.ok() ? 0 : 1;
  }
  EXPECT_GT(refused, stored.size() / 2);
}

TEST_F(SqliteStoreTest, TheEpochGrowsWhenABackupIsPutInPlace) {
  const uint64_t epoch = (*Open())->epoch();
  std::filesystem::copy_file(path(), dir_ / "backup.db");
  ASSERT_EQ((*Open())->epoch(), epoch);
  std::filesystem::copy_file(dir_ / "backup.db", path(),
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ((*Open())->epoch(), epoch + 1);
}

TEST_F(SqliteStoreTest, TheEpochGrowsWhenTheFileIsMovedElsewhere) {
  const uint64_t epoch = (*Open())->epoch();
  std::filesystem::remove(path() + ".boot");
  EXPECT_EQ((*Open())->epoch(), epoch + 1);
}

TEST_F(SqliteStoreTest, SequenceStartsBehindTheTimeOfOpening) {
  const absl::Time now = absl::FromUnixSeconds(2'000'000'000);
  auto store = *OpenStore({.path = path(), .now = now});
  EXPECT_TRUE(store
                  ->Read([&](Transaction& txn) {
                    EXPECT_GE(*txn.Sequence(),
                              static_cast<uint64_t>(absl::ToUnixMicros(now)));
                    return absl::OkStatus();
                  })
                  .ok());
}

TEST_F(SqliteStoreTest, ASecondProcessIsRefused) {
  auto store = *Open();
  ASSERT_TRUE(PutRegistry(*store, "r").ok());
  auto second = Connection::Open(path());
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(
      (*second)->Execute("PRAGMA busy_timeout = 1; BEGIN IMMEDIATE").code(),
      absl::StatusCode::kUnavailable);
}

TEST_F(SqliteStoreTest, AFullDiskFailsTheWriteAndTheStoreGoesOn) {
  auto store = *Open(512 * 1024);
  ASSERT_TRUE(PutRegistry(*store, "before").ok());
  std::string noise;
  for (int i = 0; i < 40'000; ++i) {
    noise += base::Sha256Hex(std::to_string(i));
  }
  const LayerKey key{1, model::Digest::Of("layer"), 1};
  const absl::Status status = store->Write([&](Transaction& txn) {
    return txn.layers().Put(key, noise, base::Sha256Hex(noise), absl::Now());
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
  EXPECT_TRUE(PutRegistry(*store, "after").ok());
  EXPECT_TRUE(store
                  ->Read([&](Transaction& txn) {
                    EXPECT_FALSE((*txn.layers().Find(key)).has_value());
                    EXPECT_TRUE(
                        (*txn.registries().Find(kTenant, "after")).has_value());
                    return absl::OkStatus();
                  })
                  .ok());
}

TEST_F(SqliteStoreTest, ADamagedFileIsRefused) {
  ASSERT_TRUE(PutRegistry(**Open(), "r").ok());
  {
    std::fstream file(path(), std::ios::in | std::ios::out);
    file.seekp(4096);
    file << std::string(16384, '\x5a');
  }
  EXPECT_EQ(Open().status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(SqliteStoreTest, AFileThatIsNoDatabaseIsRefused) {
  std::ofstream(path()) << std::string(8192, 'x');
  EXPECT_EQ(Open().status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(SqliteStoreTest, ANewerSchemaIsRefusedByName) {
  (void)*Open();
  {
    auto db = *Connection::Open(path());
    ASSERT_TRUE(db->Execute("INSERT INTO schema_migrations VALUES (99, "
                            "'0099_future', 'x')")
                    .ok());
  }
  const absl::Status status = Open().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("0099_future"));
}

TEST_F(SqliteStoreTest, AMigrationThatChangedIsRefused) {
  auto db = *Connection::Open(path());
  ASSERT_TRUE(Migrate(*db, {{"0001_a", "CREATE TABLE a (x)"}}).ok());
  const absl::Status status =
      Migrate(*db, {{"0001_a", "CREATE TABLE a (x, y)"}});
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(SqliteStoreTest, AFailingMigrationLeavesTheStepBeforeIt) {
  auto db = *Connection::Open(path());
  const Migration first{"0001_a", "CREATE TABLE a (x)"};
  EXPECT_FALSE(
      Migrate(*db, {first, {"0002_b", "CREATE TABLE b (x); nonsense"}}).ok());
  EXPECT_TRUE(Migrate(*db, {first, {"0002_b", "CREATE TABLE b (x)"}}).ok());
}

}  // namespace
}  // namespace landwaiter::analyzer::store::sqlite
