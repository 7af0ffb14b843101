#include "analyzer/store/sqlite/connection.h"

#include <sqlite3.h>

#include <limits>
#include <utility>

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::store::sqlite {

using base::StrCat;

int64_t ToMicros(absl::Time time) {
  if (time == absl::InfiniteFuture()) {
    return std::numeric_limits<int64_t>::max();
  }
  if (time == absl::InfinitePast()) return std::numeric_limits<int64_t>::min();
  return absl::ToUnixMicros(time);
}

absl::Time FromMicros(int64_t micros) {
  if (micros == std::numeric_limits<int64_t>::max()) {
    return absl::InfiniteFuture();
  }
  if (micros == std::numeric_limits<int64_t>::min()) {
    return absl::InfinitePast();
  }
  return absl::FromUnixMicros(micros);
}

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(
    const std::string& path) {
  sqlite3* db = nullptr;
  const int code = sqlite3_open_v2(
      path.c_str(), &db,
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
      nullptr);
  std::unique_ptr<Connection> connection(new Connection(db));
  if (code != SQLITE_OK) {
    return connection->Error(code, StrCat("open ", path));
  }
  sqlite3_extended_result_codes(db, 1);
  sqlite3_busy_timeout(db, 10'000);
  // Bad schemas in a file that somebody else wrote run nothing of theirs.
  sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  return connection;
}

Connection::~Connection() {
  for (auto& [sql, statements] : idle_) {
    for (sqlite3_stmt* statement : statements) sqlite3_finalize(statement);
  }
  sqlite3_close(db_);
}

absl::Status Connection::Execute(const std::string& sql) {
  const int code = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code == SQLITE_OK) return absl::OkStatus();
  return Error(code, base::Printable(sql, 60));
}

int64_t Connection::Changes() const { return sqlite3_changes64(db_); }

int64_t Connection::LastInsertId() const {
  return sqlite3_last_insert_rowid(db_);
}

bool Connection::InTransaction() const {
  return sqlite3_get_autocommit(db_) == 0;
}

absl::StatusOr<sqlite3_stmt*> Connection::Take(std::string_view sql) {
  std::vector<sqlite3_stmt*>& idle = idle_[sql];
  if (!idle.empty()) {
    sqlite3_stmt* statement = idle.back();
    idle.pop_back();
    return statement;
  }
  sqlite3_stmt* statement = nullptr;
  const int code =
      sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return Error(code, base::Printable(sql, 60));
  return statement;
}

void Connection::Give(std::string_view sql, sqlite3_stmt* statement) {
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
  idle_[sql].push_back(statement);
}

absl::Status Connection::Error(int code, std::string_view doing) const {
  const std::string message =
      StrCat("store: ", doing, ": ", sqlite3_errmsg(db_), " (SQLite ",
             sqlite3_extended_errcode(db_), ")");
  switch (code & 0xff) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_NOMEM:
      return absl::UnavailableError(message);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return absl::DataLossError(message);
    default:
      return absl::InternalError(message);
  }
}

Query::Query(Connection& connection, std::string_view sql, Prepare)
    : connection_(connection), sql_(sql) {
  absl::StatusOr<sqlite3_stmt*> statement = connection.Take(sql);
  if (statement.ok()) {
    statement_ = *statement;
  } else {
    status_ = statement.status();
  }
}

Query::~Query() {
  if (statement_ != nullptr) connection_.Give(sql_, statement_);
}

void Query::Check(int code) {
  if (code != SQLITE_OK && status_.ok()) {
    status_ = connection_.Error(code, base::Printable(sql_, 60));
  }
}

void Query::BindNext(std::string_view text) {
  ++parameter_;
  if (!status_.ok()) return;
  // Text that lives until the statement is done need not be copied, but a
  // temporary may be bound: SQLITE_TRANSIENT.
  Check(sqlite3_bind_text64(statement_, parameter_,
                            text.data() == nullptr ? "" : text.data(),
                            text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Query::BindNext(Blob blob) {
  ++parameter_;
  if (!status_.ok()) return;
  Check(
      sqlite3_bind_blob64(statement_, parameter_,
                          blob.bytes.data() == nullptr ? "" : blob.bytes.data(),
                          blob.bytes.size(), SQLITE_TRANSIENT));
}

void Query::BindNext(const std::optional<absl::Time>& time) {
  if (time) {
    BindInt(ToMicros(*time));
    return;
  }
  ++parameter_;
  if (status_.ok()) Check(sqlite3_bind_null(statement_, parameter_));
}

void Query::BindInt(int64_t value) {
  ++parameter_;
  if (status_.ok()) Check(sqlite3_bind_int64(statement_, parameter_, value));
}

bool Query::Next() {
  column_ = 0;
  if (!status_.ok()) return false;
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) Check(code);
  return false;
}

absl::Status Query::Run() {
  while (Next()) {
  }
  return status_;
}

int64_t Query::Int() { return sqlite3_column_int64(statement_, column_++); }

std::string Query::Text() {
  const void* bytes = sqlite3_column_blob(statement_, column_);
  const int size = sqlite3_column_bytes(statement_, column_++);
  if (bytes == nullptr) return "";
  return std::string(static_cast<const char*>(bytes),
                     static_cast<size_t>(size));
}

std::optional<absl::Time> Query::OptionalTime() {
  if (sqlite3_column_type(statement_, column_) == SQLITE_NULL) {
    ++column_;
    return std::nullopt;
  }
  return Time();
}

}  // namespace landwaiter::analyzer::store::sqlite
