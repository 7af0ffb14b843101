#include "analyzer/store/sqlite/store.h"

#include <openssl/rand.h>

#include <cstdio>
#include <fstream>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "analyzer/store/sqlite/connection.h"
#include "analyzer/store/sqlite/schema.h"
#include "analyzer/store/sqlite/tables.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::store::sqlite {
namespace {

class SqliteTransaction : public Transaction {
 public:
  explicit SqliteTransaction(Connection& db)
      : db_(db),
        registries_(db),
        catalog_(db),
        images_(db),
        matches_(db),
        layers_(db),
        tasks_(db),
        items_(db) {}
  RegistryTable& registries() override { return registries_; }
  CatalogTable& catalog() override { return catalog_; }
  ImageTable& images() override { return images_; }
  MatchTable& matches() override { return matches_; }
  LayerTable& layers() override { return layers_; }
  TaskTable& tasks() override { return tasks_; }
  ItemTable& items() override { return items_; }

  absl::StatusOr<uint64_t> Sequence() override {
    Query query(db_, "SELECT value FROM meta WHERE key = 'sequence'");
    LANDWAITER_ASSIGN_OR_RETURN(const int64_t value, Scalar(query));
    return static_cast<uint64_t>(value);
  }
  absl::StatusOr<uint64_t> NextSequence() override {
    LANDWAITER_RETURN_IF_ERROR(
        Query(db_, "UPDATE meta SET value = value + 1 WHERE key = 'sequence'")
            .Run());
    return Sequence();
  }

  absl::StatusOr<std::string> Note(std::string_view key) override {
    Query query(db_, "SELECT value FROM notes WHERE key = ?1", key);
    std::string value = query.Next() ? query.Text() : "";
    LANDWAITER_RETURN_IF_ERROR(query.status());
    return value;
  }
  absl::Status PutNote(std::string_view key, std::string_view value) override {
    return Query(db_,
                 "INSERT INTO notes (key, value) VALUES (?1, ?2) "
                 "ON CONFLICT (key) DO UPDATE SET value = ?2",
                 key, value)
        .Run();
  }

 private:
  Connection& db_;
  SqliteRegistries registries_;
  SqliteCatalog catalog_;
  SqliteImages images_;
  SqliteMatches matches_;
  SqliteLayers layers_;
  SqliteTasks tasks_;
  SqliteItems items_;
};

class SqliteStore : public Store {
 public:
  SqliteStore(std::unique_ptr<Connection> db, uint64_t epoch)
      : db_(std::move(db)), epoch_(epoch) {}

  absl::Status Write(Durability durability, Callback callback) override {
    absl::MutexLock lock(&mutex_);
    LANDWAITER_RETURN_IF_ERROR(SetDurability(durability));
    return Run("BEGIN IMMEDIATE", callback);
  }

  absl::Status Read(Callback callback) override {
    absl::MutexLock lock(&mutex_);
    return Run("BEGIN DEFERRED", callback);
  }

  uint64_t epoch() const override { return epoch_; }

 private:
  absl::Status SetDurability(Durability durability)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (durability == durability_) return absl::OkStatus();
    LANDWAITER_RETURN_IF_ERROR(db_->Execute(durability == Durability::kPowerLoss
                                                ? "PRAGMA synchronous = FULL"
                                                : "PRAGMA synchronous = "
                                                  "NORMAL"));
    durability_ = durability;
    return absl::OkStatus();
  }

  absl::Status Run(const char* begin, Callback callback)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    LANDWAITER_RETURN_IF_ERROR(db_->Execute(begin));
    SqliteTransaction transaction(*db_);
    absl::Status status = callback(transaction);
    if (status.ok()) status = db_->Execute("COMMIT");
    // A full disk may have rolled back already; the first error is the one to
    // tell.
    if (!status.ok() && db_->InTransaction()) (void)db_->Execute("ROLLBACK");
    return status;
  }

  absl::Mutex mutex_;
  std::unique_ptr<Connection> db_ ABSL_PT_GUARDED_BY(mutex_);
  Durability durability_ ABSL_GUARDED_BY(mutex_) = Durability::kPowerLoss;
  const uint64_t epoch_;
};

absl::Status Configure(Connection& db, const SqliteOptions& options) {
  LANDWAITER_RETURN_IF_ERROR(
      db.Execute("PRAGMA locking_mode = EXCLUSIVE;"
                 "PRAGMA journal_mode = WAL;"
                 "PRAGMA synchronous = FULL;"
                 "PRAGMA foreign_keys = ON;"
                 "PRAGMA temp_store = MEMORY;"
                 "PRAGMA journal_size_limit = 67108864;"));
  if (options.max_bytes == 0) return absl::OkStatus();
  Query query(db, "PRAGMA page_size");
  LANDWAITER_ASSIGN_OR_RETURN(const int64_t page, Scalar(query));
  return db.Execute(
      base::StrCat("PRAGMA max_page_count = ",
                   options.max_bytes / static_cast<uint64_t>(page) + 1));
}

absl::Status CheckIntegrity(Connection& db) {
  Query query(db, "PRAGMA quick_check(1)");
  const std::string result = query.Next() ? query.Text() : "no answer";
  LANDWAITER_RETURN_IF_ERROR(query.status());
  if (result == "ok") return absl::OkStatus();
  return absl::DataLossError(
      base::StrCat("the store's file is damaged: ", base::Printable(result),
                   "; put a backup in its place (docs/queue.md)"));
}

// The number in "<path>.boot"; 0 without one.
int64_t ReadBoot(const std::string& path) {
  std::ifstream file(path);
  std::string text;
  std::getline(file, text);
  return base::ParseInt64(text).value_or(0);
}

absl::Status WriteBoot(const std::string& path, int64_t boot) {
  const std::string temporary = path + ".new";
  {
    std::ofstream file(temporary, std::ios::trunc);
    file << boot << "\n";
    file.flush();
    if (!file) {
      return absl::UnavailableError(
          base::StrCat("store: cannot write ", temporary));
    }
  }
  if (std::rename(temporary.c_str(), path.c_str()) != 0) {
    return absl::UnavailableError(base::StrCat("store: cannot write ", path));
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> RandomBoot() {
  int64_t boot = 0;
  if (RAND_bytes(reinterpret_cast<unsigned char*>(&boot), sizeof(boot)) != 1) {
    return absl::InternalError("no random numbers");
  }
  return (boot & INT64_MAX) | 1;
}

// Draws the boot number anew; returns the epoch.
absl::StatusOr<uint64_t> StartEpoch(Connection& db,
                                    const SqliteOptions& options) {
  Query known(db, "SELECT value FROM meta WHERE key = 'boot'");
  LANDWAITER_ASSIGN_OR_RETURN(const int64_t before, Scalar(known));
  const std::string file = options.path + ".boot";
  const bool same =
      before != 0 && !options.path.empty() && ReadBoot(file) == before;
  LANDWAITER_ASSIGN_OR_RETURN(const int64_t boot, RandomBoot());
  LANDWAITER_RETURN_IF_ERROR(
      Query(db,
            "UPDATE meta SET value = CASE key WHEN 'boot' THEN ?1 "
            "WHEN 'epoch' THEN value + ?2 "
            "WHEN 'sequence' THEN max(value + 1, ?3) ELSE value END",
            boot, !same, absl::ToUnixMicros(options.now))
          .Run());
  if (!options.path.empty()) {
    LANDWAITER_RETURN_IF_ERROR(WriteBoot(file, boot));
  }
  Query epoch(db, "SELECT value FROM meta WHERE key = 'epoch'");
  LANDWAITER_ASSIGN_OR_RETURN(const int64_t value, Scalar(epoch));
  return static_cast<uint64_t>(value);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> OpenStore(const SqliteOptions& options) {
  LANDWAITER_ASSIGN_OR_RETURN(
      std::unique_ptr<Connection> db,
      Connection::Open(options.path.empty() ? ":memory:" : options.path));
  LANDWAITER_RETURN_IF_ERROR(Configure(*db, options));
  if (!options.path.empty()) LANDWAITER_RETURN_IF_ERROR(CheckIntegrity(*db));
  LANDWAITER_RETURN_IF_ERROR(Migrate(*db, Migrations()));
  LANDWAITER_ASSIGN_OR_RETURN(const uint64_t epoch, StartEpoch(*db, options));
  return std::make_unique<SqliteStore>(std::move(db), epoch);
}

}  // namespace landwaiter::analyzer::store::sqlite
