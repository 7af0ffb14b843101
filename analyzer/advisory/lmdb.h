#ifndef LANDWAITER_ANALYZER_ADVISORY_LMDB_H_
#define LANDWAITER_ANALYZER_ADVISORY_LMDB_H_

#include <lmdb.h>

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "core/base/strings.h"

// LMDB's handles with owners, for this folder's .cc files.
namespace landwaiter::analyzer::advisory {

struct CloseEnv {
  void operator()(MDB_env* env) const { mdb_env_close(env); }
};
using LmdbEnv = std::unique_ptr<MDB_env, CloseEnv>;

struct AbortTxn {
  void operator()(MDB_txn* txn) const { mdb_txn_abort(txn); }
};
using LmdbTxn = std::unique_ptr<MDB_txn, AbortTxn>;

struct CloseCursor {
  void operator()(MDB_cursor* cursor) const { mdb_cursor_close(cursor); }
};
using LmdbCursor = std::unique_ptr<MDB_cursor, CloseCursor>;

// LMDB does not write through the pointer of a key or value that it is given.
inline MDB_val ToVal(std::string_view bytes) {
  return {bytes.size(), const_cast<char*>(bytes.data())};
}
inline std::string_view FromVal(const MDB_val& val) {
  return {static_cast<const char*>(val.mv_data), val.mv_size};
}

inline absl::Status LmdbError(int code, std::string_view what) {
  if (code == MDB_SUCCESS) return absl::OkStatus();
  return absl::InternalError(base::StrCat("advisory database: ", what, ": ",
                                          std::string(mdb_strerror(code))));
}

// The file's tables.
inline constexpr char kAffectedTable[] = "affected";      // codec.h
inline constexpr char kAdvisoryTable[] = "advisory";      // number: details
inline constexpr char kEcosystemTable[] = "ecosystem";    // names that occur
inline constexpr char kEnrichmentTable[] = "enrichment";  // by CVE
inline constexpr char kMetaTable[] = "meta";
inline constexpr unsigned kTables = 5;
inline constexpr std::string_view kMetaFormat = "format";
inline constexpr std::string_view kMetaVersion = "version";
inline constexpr std::string_view kMetaReport = "report";

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_LMDB_H_
