#include "analyzer/store/sqlite/schema.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "core/base/failure.h"
#include "core/base/hash.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::store::sqlite {
namespace {

absl::Status CheckApplied(size_t number, const std::string& name,
                          const std::string& checksum,
                          const std::vector<Migration>& migrations) {
  if (number > migrations.size()) {
    return absl::FailedPreconditionError(base::StrCat(
        "the store's schema is newer than this release: it has step ", name,
        ", this release knows ", migrations.size(),
        " steps; run the release that wrote it, or a later one"));
  }
  const Migration& known = migrations[number - 1];
  if (known.name != name || base::Sha256Hex(known.sql) != checksum) {
    return absl::FailedPreconditionError(
        base::StrCat("the store's schema step ", name,
                     " is not the one that this release knows as ", known.name,
                     ": the store was made by another product or a "
                     "development build"));
  }
  return absl::OkStatus();
}

absl::Status Apply(Connection& db, size_t number, const Migration& migration) {
  LANDWAITER_RETURN_IF_ERROR(db.Execute("BEGIN IMMEDIATE"));
  absl::Status status = db.Execute(migration.sql);
  if (status.ok()) {
    status = Query(db,
                   "INSERT INTO schema_migrations (number, name, checksum) "
                   "VALUES (?1, ?2, ?3)",
                   number, migration.name, base::Sha256Hex(migration.sql))
                 .Run();
  }
  if (status.ok()) status = db.Execute("COMMIT");
  if (!status.ok() && db.InTransaction()) {
    // The first error is the one to tell.
    (void)db.Execute("ROLLBACK");
  }
  return base::WithContext(std::move(status),
                           base::StrCat("schema step ", migration.name));
}

}  // namespace

absl::Status Migrate(Connection& db, const std::vector<Migration>& migrations) {
  LANDWAITER_RETURN_IF_ERROR(
      db.Execute("CREATE TABLE IF NOT EXISTS schema_migrations ("
                 "number INTEGER PRIMARY KEY, name TEXT NOT NULL, "
                 "checksum TEXT NOT NULL) STRICT"));
  size_t applied = 0;
  {
    Query query(db,
                "SELECT number, name, checksum FROM schema_migrations "
                "ORDER BY number DESC");
    while (query.Next()) {
      const size_t number = query.Uint();
      const std::string name = query.Text();
      applied = std::max(applied, number);
      LANDWAITER_RETURN_IF_ERROR(
          CheckApplied(number, name, query.Text(), migrations));
    }
    LANDWAITER_RETURN_IF_ERROR(query.status());
  }
  for (size_t i = applied; i < migrations.size(); ++i) {
    LANDWAITER_RETURN_IF_ERROR(Apply(db, i + 1, migrations[i]));
  }
  return absl::OkStatus();
}

}  // namespace landwaiter::analyzer::store::sqlite
