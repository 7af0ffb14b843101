#include "analyzer/advisory/advisory_db.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "analyzer/advisory/codec.h"
#include "analyzer/advisory/lmdb.h"
#include "core/base/failure.h"

namespace landwaiter::analyzer::advisory {
namespace {

absl::StatusOr<LmdbTxn> BeginRead(MDB_env* env) {
  MDB_txn* txn = nullptr;
  LANDWAITER_RETURN_IF_ERROR(
      LmdbError(mdb_txn_begin(env, nullptr, MDB_RDONLY, &txn), "begin"));
  return LmdbTxn(txn);
}

absl::StatusOr<MDB_dbi> OpenTable(MDB_txn* txn, const char* name) {
  MDB_dbi table;
  LANDWAITER_RETURN_IF_ERROR(
      LmdbError(mdb_dbi_open(txn, name, 0, &table), name));
  return table;
}

uint32_t FromBigEndian(std::string_view bytes) {
  uint32_t number = 0;
  for (const char byte : bytes) {
    number = number << 8 | static_cast<unsigned char>(byte);
  }
  return number;
}

// The varint that an entry begins with.
uint32_t NumberOf(std::string_view entry) {
  uint64_t number = 0;
  for (size_t i = 0; i < entry.size() && i < 5; ++i) {
    const auto byte = static_cast<unsigned char>(entry[i]);
    number |= static_cast<uint64_t>(byte & 0x7F) << (7 * i);
    if (byte < 0x80) break;
  }
  return static_cast<uint32_t>(number);
}

absl::Status Corrupt(std::string_view what) {
  return absl::DataLossError(
      base::StrCat("advisory database: ", what, " cannot be read"));
}

}  // namespace

struct AdvisoryDb::Impl {
  LmdbEnv env;
  MDB_dbi affected = 0;
  MDB_dbi advisory = 0;
  MDB_dbi ecosystem = 0;
  MDB_dbi enrichment = 0;
  std::string version;
  std::string report;

  absl::Status OpenTables(const std::string& path) {
    LANDWAITER_ASSIGN_OR_RETURN(LmdbTxn txn, BeginRead(env.get()));
    const auto meta = OpenTable(txn.get(), kMetaTable);
    if (!meta.ok() || GetMeta(txn.get(), *meta, kMetaFormat) != kDbFormat) {
      return absl::FailedPreconditionError(base::StrCat(
          path, " is no advisory database of the format ", kDbFormat));
    }
    version = GetMeta(txn.get(), *meta, kMetaVersion);
    report = GetMeta(txn.get(), *meta, kMetaReport);
    LANDWAITER_ASSIGN_OR_RETURN(affected, OpenTable(txn.get(), kAffectedTable));
    LANDWAITER_ASSIGN_OR_RETURN(advisory, OpenTable(txn.get(), kAdvisoryTable));
    LANDWAITER_ASSIGN_OR_RETURN(ecosystem,
                                OpenTable(txn.get(), kEcosystemTable));
    LANDWAITER_ASSIGN_OR_RETURN(enrichment,
                                OpenTable(txn.get(), kEnrichmentTable));
    // A table's handle outlives the transaction only when that is committed.
    return LmdbError(mdb_txn_commit(txn.release()), "commit");
  }

  // Shows every key and value of a table, in the order of the keys.
  using Visit =
      absl::FunctionRef<absl::Status(std::string_view, std::string_view)>;
  absl::Status Walk(MDB_dbi table, Visit visit) const {
    LANDWAITER_ASSIGN_OR_RETURN(const LmdbTxn txn, BeginRead(env.get()));
    MDB_cursor* raw = nullptr;
    LANDWAITER_RETURN_IF_ERROR(
        LmdbError(mdb_cursor_open(txn.get(), table, &raw), "cursor"));
    const LmdbCursor cursor(raw);
    MDB_val key, value;
    int found = mdb_cursor_get(raw, &key, &value, MDB_FIRST);
    for (; found == MDB_SUCCESS;
         found = mdb_cursor_get(raw, &key, &value, MDB_NEXT)) {
      LANDWAITER_RETURN_IF_ERROR(visit(FromVal(key), FromVal(value)));
    }
    if (found == MDB_NOTFOUND) return absl::OkStatus();
    return LmdbError(found, "walk");
  }

  static std::string GetMeta(MDB_txn* txn, MDB_dbi meta,
                             std::string_view name) {
    MDB_val key = ToVal(name), value;
    if (mdb_get(txn, meta, &key, &value) != MDB_SUCCESS) return "";
    return std::string(FromVal(value));
  }
};

AdvisoryDb::AdvisoryDb(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
AdvisoryDb::~AdvisoryDb() = default;

absl::StatusOr<std::unique_ptr<AdvisoryDb>> AdvisoryDb::Open(
    const std::string& path) {
  auto impl = std::make_unique<Impl>();
  MDB_env* env = nullptr;
  LANDWAITER_RETURN_IF_ERROR(LmdbError(mdb_env_create(&env), "create"));
  impl->env.reset(env);
  mdb_env_set_maxdbs(env, kTables);
  const int opened =
      mdb_env_open(env, path.c_str(),
                   MDB_NOSUBDIR | MDB_RDONLY | MDB_NOLOCK | MDB_NOTLS, 0644);
  if (opened == ENOENT) {
    return absl::NotFoundError(base::StrCat("there is no file ", path));
  }
  if (opened != MDB_SUCCESS) {
    return absl::FailedPreconditionError(base::StrCat(
        path, " is no advisory database: ", std::string(mdb_strerror(opened))));
  }
  LANDWAITER_RETURN_IF_ERROR(impl->OpenTables(path));
  return std::unique_ptr<AdvisoryDb>(new AdvisoryDb(std::move(impl)));
}

const std::string& AdvisoryDb::version() const { return impl_->version; }
const std::string& AdvisoryDb::report() const { return impl_->report; }

absl::StatusOr<bool> AdvisoryDb::Covers(std::string_view ecosystem) const {
  LANDWAITER_ASSIGN_OR_RETURN(const LmdbTxn txn, BeginRead(impl_->env.get()));
  MDB_val key = ToVal(ecosystem), value;
  const int found = mdb_get(txn.get(), impl_->ecosystem, &key, &value);
  if (found == MDB_NOTFOUND) return false;
  LANDWAITER_RETURN_IF_ERROR(LmdbError(found, "ecosystem"));
  return true;
}

absl::Status AdvisoryDb::ForEach(std::string_view ecosystem,
                                 std::string_view package, Visit visit) const {
  LANDWAITER_ASSIGN_OR_RETURN(const LmdbTxn txn, BeginRead(impl_->env.get()));
  MDB_cursor* raw = nullptr;
  LANDWAITER_RETURN_IF_ERROR(
      LmdbError(mdb_cursor_open(txn.get(), impl_->affected, &raw), "cursor"));
  const LmdbCursor cursor(raw);
  const std::string prefix = KeyPrefix(ecosystem, package);
  MDB_val key = ToVal(prefix), value;
  int found = mdb_cursor_get(raw, &key, &value, MDB_SET_RANGE);
  while (found == MDB_SUCCESS && FromVal(key).starts_with(prefix)) {
    const auto view = DecodeAffected(FromVal(value));
    if (!view) return Corrupt("an entry");
    visit(*view);
    found = mdb_cursor_get(raw, &key, &value, MDB_NEXT);
  }
  if (found == MDB_NOTFOUND) return absl::OkStatus();
  return LmdbError(found, "lookup");
}

absl::Status AdvisoryDb::ForEachEntry(VisitEntry visit) const {
  return impl_->Walk(
      impl_->affected,
      [&](std::string_view key, std::string_view value) -> absl::Status {
        const size_t first = key.find('\0');
        const size_t second = key.find('\0', first + 1);
        if (second == std::string_view::npos || key.size() != second + 5) {
          return Corrupt("an entry");
        }
        return visit({.ecosystem = key.substr(0, first),
                      .package = key.substr(first + 1, second - first - 1),
                      .advisory = NumberOf(value),
                      .number = FromBigEndian(key.substr(second + 1)),
                      .affected = WithoutNumber(value)});
      });
}

absl::Status AdvisoryDb::ForEachDetails(VisitDetails visit) const {
  return impl_->Walk(impl_->advisory,
                     [&](std::string_view key, std::string_view value) {
                       return key.size() == 4 ? visit(FromBigEndian(key), value)
                                              : Corrupt("an advisory");
                     });
}

absl::Status AdvisoryDb::ForEachEnrichment(VisitEnrichment visit) const {
  return impl_->Walk(impl_->enrichment, visit);
}

absl::Status AdvisoryDb::CopyTo(const std::string& path) const {
  const int file =
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) {
    return absl::FailedPreconditionError(base::StrCat("cannot write ", path));
  }
  int code = mdb_env_copyfd2(impl_->env.get(), file, MDB_CP_COMPACT);
  if (code == MDB_SUCCESS && ::fsync(file) != 0) code = errno;
  ::close(file);
  return LmdbError(code, "copy");
}

absl::StatusOr<Details> AdvisoryDb::Find(uint32_t advisory) const {
  LANDWAITER_ASSIGN_OR_RETURN(const LmdbTxn txn, BeginRead(impl_->env.get()));
  const std::string number = BigEndian(advisory);
  MDB_val key = ToVal(number), value;
  LANDWAITER_RETURN_IF_ERROR(
      LmdbError(mdb_get(txn.get(), impl_->advisory, &key, &value), "advisory"));
  std::optional<Details> details = DecodeDetails(FromVal(value));
  if (!details) return Corrupt("an advisory");
  return *std::move(details);
}

absl::StatusOr<std::optional<Enrichment>> AdvisoryDb::Enrich(
    std::string_view cve) const {
  // LMDB takes no empty key.
  if (cve.empty()) return std::nullopt;
  LANDWAITER_ASSIGN_OR_RETURN(const LmdbTxn txn, BeginRead(impl_->env.get()));
  MDB_val key = ToVal(cve), value;
  const int found = mdb_get(txn.get(), impl_->enrichment, &key, &value);
  // Longer than any key may be: nothing is known of it either.
  if (found == MDB_NOTFOUND || found == MDB_BAD_VALSIZE) return std::nullopt;
  LANDWAITER_RETURN_IF_ERROR(LmdbError(found, "enrichment"));
  std::optional<Enrichment> known = DecodeEnrichment(cve, FromVal(value));
  if (!known) return Corrupt("what is known of a CVE");
  return known;
}

}  // namespace landwaiter::analyzer::advisory
