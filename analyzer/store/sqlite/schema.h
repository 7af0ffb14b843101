#ifndef LANDWAITER_ANALYZER_STORE_SQLITE_SCHEMA_H_
#define LANDWAITER_ANALYZER_STORE_SQLITE_SCHEMA_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "analyzer/store/sqlite/connection.h"

namespace landwaiter::analyzer::store::sqlite {

// One numbered step of the schema: "0001_initial" and its SQL. A step that
// was released never changes; its checksum is recorded with it.
struct Migration {
  std::string name;
  std::string sql;
};

// analyzer/store/migrations, in order.
const std::vector<Migration>& Migrations();

// Brings the database to the last of `migrations`, each step in a transaction
// of its own. FAILED_PRECONDITION, with nothing changed, when the database has
// steps that this release does not know (it is newer), or a step whose
// checksum differs.
absl::Status Migrate(Connection& db, const std::vector<Migration>& migrations);

}  // namespace landwaiter::analyzer::store::sqlite

#endif  // LANDWAITER_ANALYZER_STORE_SQLITE_SCHEMA_H_
