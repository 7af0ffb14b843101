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
constexpr uint32_t kAdvisoriesPerCommit = 2000;

}  // namespace

struct AdvisoryDbWriter::Impl {
  LmdbEnv env;
  LmdbTxn txn;
  MDB_dbi affected = 0;
  MDB_dbi advisory = 0;
  MDB_dbi ecosystem = 0;
  MDB_dbi meta = 0;
  uint32_t advisories = 0;
  uint32_t entries = 0;

  absl::Status Open(const std::string& path) {
    MDB_env* raw = nullptr;
    LANDWAITER_RETURN_IF_ERROR(LmdbError(mdb_env_create(&raw), "create"));
    env.reset(raw);
    mdb_env_set_maxdbs(raw, 4);
    mdb_env_set_mapsize(raw, kMaxFile);
    LANDWAITER_RETURN_IF_ERROR(
        LmdbError(mdb_env_open(raw, path.c_str(),
                               MDB_NOSUBDIR | MDB_NOLOCK | MDB_NOSYNC, 0644),
                  path));
    LANDWAITER_RETURN_IF_ERROR(Begin());
    for (const auto& [name, table] : {std::pair{kAffectedTable, &affected},
                                      std::pair{kAdvisoryTable, &advisory},
                                      std::pair{kEcosystemTable, &ecosystem},
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
  if (impl_->advisories % kAdvisoriesPerCommit != 0) return absl::OkStatus();
  LANDWAITER_RETURN_IF_ERROR(impl_->Commit());
  return impl_->Begin();
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
