#include <utility>

#include "analyzer/advisory/advisory_db.h"
#include "analyzer/advisory/codec.h"
#include "analyzer/advisory/lmdb.h"
#include "core/base/failure.h"

namespace landwaiter::analyzer::advisory {
namespace {

// Of address space, and so of the file; all of OSV takes a small part.
constexpr size_t kMaxFile = size_t{16} << 30;
// Changed pages are kept in memory until a commit.
constexpr uint32_t kRecordsPerCommit = 2000;
constexpr size_t kLongestCve = 64;

}  // namespace

struct AdvisoryDbWriter::Impl {
  LmdbEnv env;
  LmdbTxn txn;
  MDB_dbi affected = 0;
  MDB_dbi advisory = 0;
  MDB_dbi ecosystem = 0;
  MDB_dbi enrichment = 0;
  MDB_dbi meta = 0;
  uint32_t records = 0;  // since the last commit
  uint32_t advisories = 0;
  uint32_t entries = 0;

  absl::Status Open(const std::string& path) {
    MDB_env* raw = nullptr;
    LANDWAITER_RETURN_IF_ERROR(LmdbError(mdb_env_create(&raw), "create"));
    env.reset(raw);
    mdb_env_set_maxdbs(raw, kTables);
    mdb_env_set_mapsize(raw, kMaxFile);
    LANDWAITER_RETURN_IF_ERROR(
        LmdbError(mdb_env_open(raw, path.c_str(),
                               MDB_NOSUBDIR | MDB_NOLOCK | MDB_NOSYNC, 0644),
                  path));
    LANDWAITER_RETURN_IF_ERROR(Begin());
    for (const auto& [name, table] : {std::pair{kAffectedTable, &affected},
                                      std::pair{kAdvisoryTable, &advisory},
                                      std::pair{kEcosystemTable, &ecosystem},
                                      std::pair{kEnrichmentTable, &enrichment},
                                      std::pair{kMetaTable, &meta}}) {
      LANDWAITER_RETURN_IF_ERROR(
          LmdbError(mdb_dbi_open(txn.get(), name, MDB_CREATE, table), name));
    }
    return absl::OkStatus();
  }

  absl::Status Begin() {
    MDB_txn* raw = nullptr;
    LANDWAITER_RETURN_IF_ERROR(
        LmdbError(mdb_txn_begin(env.get(), nullptr, 0, &raw), "begin"));
    txn.reset(raw);
    return absl::OkStatus();
  }

  absl::Status Commit() {
    return LmdbError(mdb_txn_commit(txn.release()), "commit");
  }

  // After each record.
  absl::Status CommitNowAndThen() {
    if (++records < kRecordsPerCommit) return absl::OkStatus();
    records = 0;
    LANDWAITER_RETURN_IF_ERROR(Commit());
    return Begin();
  }

  absl::StatusOr<Enrichment> KnownOf(const std::string& cve) {
    MDB_val key = ToVal(cve), value;
    const int found = mdb_get(txn.get(), enrichment, &key, &value);
    if (found == MDB_NOTFOUND) return Enrichment{.cve = cve};
    LANDWAITER_RETURN_IF_ERROR(LmdbError(found, "read"));
    std::optional<Enrichment> known = DecodeEnrichment(cve, FromVal(value));
    if (!known) return absl::DataLossError("advisory database: damaged");
    return *std::move(known);
  }

  absl::Status Put(MDB_dbi table, std::string_view key,
                   std::string_view value) {
    MDB_val k = ToVal(key), v = ToVal(value);
    return LmdbError(mdb_put(txn.get(), table, &k, &v, 0), "write");
  }
};

AdvisoryDbWriter::AdvisoryDbWriter(std::unique_ptr<Impl> impl)
    : impl_(std::move(impl)) {}
AdvisoryDbWriter::~AdvisoryDbWriter() = default;

absl::StatusOr<std::unique_ptr<AdvisoryDbWriter>> AdvisoryDbWriter::Create(
    const std::string& path) {
  auto impl = std::make_unique<Impl>();
  LANDWAITER_RETURN_IF_ERROR(impl->Open(path));
  return std::unique_ptr<AdvisoryDbWriter>(
      new AdvisoryDbWriter(std::move(impl)));
}

absl::Status AdvisoryDbWriter::Add(const Advisory& advisory) {
  if (advisory.affected.empty()) return absl::OkStatus();
  const uint32_t number = impl_->advisories++;
  LANDWAITER_RETURN_IF_ERROR(impl_->Put(impl_->advisory, BigEndian(number),
                                        EncodeDetails(advisory.details)));
  for (const Affected& affected : advisory.affected) {
    LANDWAITER_RETURN_IF_ERROR(
        impl_->Put(impl_->affected,
                   KeyPrefix(affected.ecosystem, affected.package) +
                       BigEndian(impl_->entries++),
                   EncodeAffected(number, affected)));
    LANDWAITER_RETURN_IF_ERROR(
        impl_->Put(impl_->ecosystem, affected.ecosystem, ""));
  }
  return impl_->CommitNowAndThen();
}

absl::Status AdvisoryDbWriter::Add(const Enrichment& enrichment) {
  const std::string& cve = enrichment.cve;
  if (cve.empty() || cve.size() > kLongestCve) return absl::OkStatus();
  LANDWAITER_ASSIGN_OR_RETURN(Enrichment known, impl_->KnownOf(cve));
  Merge(enrichment, known);
  LANDWAITER_RETURN_IF_ERROR(
      impl_->Put(impl_->enrichment, cve, EncodeEnrichment(known)));
  return impl_->CommitNowAndThen();
}

absl::Status AdvisoryDbWriter::Finish(std::string_view version,
                                      std::string_view report) {
  LANDWAITER_RETURN_IF_ERROR(impl_->Put(impl_->meta, kMetaVersion, version));
  LANDWAITER_RETURN_IF_ERROR(impl_->Put(impl_->meta, kMetaReport, report));
  // Last: it is what makes the file valid.
  LANDWAITER_RETURN_IF_ERROR(impl_->Put(impl_->meta, kMetaFormat, kDbFormat));
  LANDWAITER_RETURN_IF_ERROR(impl_->Commit());
  LANDWAITER_RETURN_IF_ERROR(
      LmdbError(mdb_env_sync(impl_->env.get(), /*force=*/1), "sync"));
  impl_.reset();
  return absl::OkStatus();
}

}  // namespace landwaiter::analyzer::advisory
