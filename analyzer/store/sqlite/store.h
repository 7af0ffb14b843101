#ifndef LANDWAITER_ANALYZER_STORE_SQLITE_STORE_H_
#define LANDWAITER_ANALYZER_STORE_SQLITE_STORE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "analyzer/store/store.h"

namespace landwaiter::analyzer::store::sqlite {

struct SqliteOptions {
  // The database file; its directory must exist. Empty: in memory, gone with
  // the Store (for tests and the simulation).
  std::string path;
  // The file grows to this many bytes at most, then writes are UNAVAILABLE;
  // 0: as large as the disk.
  uint64_t max_bytes = 0;
  // When it is opened: the sequence starts behind it, so that fences which a
  // lost copy of the store gave out are not given out again.
  absl::Time now = absl::Now();
};

// Opens or makes the store: checks the file's integrity, migrates the schema,
// and lets the epoch grow if the file is not the one that was last used here
// (a backup was put in its place): the database and "<path>.boot" beside it
// carry the same number, drawn anew at each start.
//
// Errors: DATA_LOSS, the file is damaged; FAILED_PRECONDITION, its schema is
// newer than this release, or another process has it open; UNAVAILABLE.
absl::StatusOr<std::unique_ptr<Store>> OpenStore(const SqliteOptions& options);

}  // namespace landwaiter::analyzer::store::sqlite

#endif  // LANDWAITER_ANALYZER_STORE_SQLITE_STORE_H_
