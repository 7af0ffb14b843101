#ifndef LANDWAITER_ANALYZER_STORE_SQLITE_CONNECTION_H_
#define LANDWAITER_ANALYZER_STORE_SQLITE_CONNECTION_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

struct sqlite3;
struct sqlite3_stmt;

namespace landwaiter::analyzer::store::sqlite {

// Times in the database: microseconds since 1970, the extremes of int64 for
// the infinite ones.
int64_t ToMicros(absl::Time time);
absl::Time FromMicros(int64_t micros);

// Bytes to bind as a BLOB.
struct Blob {
  std::string_view bytes;
};

// One SQLite connection with its prepared statements. Not thread-safe.
class Connection {
 public:
  // `path` is a file or ":memory:". Does not create directories.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(
      const std::string& path);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Runs statements without parameters or results (schema, pragmas).
  absl::Status Execute(const std::string& sql);
  // Rows that the last INSERT, UPDATE or DELETE touched.
  int64_t Changes() const;
  int64_t LastInsertId() const;
  bool InTransaction() const;

 private:
  friend class Query;
  explicit Connection(sqlite3* db) : db_(db) {}
  // A reset statement that nobody uses; REQUIRES: `sql` is a literal.
  absl::StatusOr<sqlite3_stmt*> Take(std::string_view sql);
  void Give(std::string_view sql, sqlite3_stmt* statement);
  absl::Status Error(int code, std::string_view doing) const;

  sqlite3* db_;
  std::map<std::string_view, std::vector<sqlite3_stmt*>> idle_;
};

// One execution of a statement. Values are bound to ?1, ?2, ... in the order
// given; columns are read from left to right.
//
//   Query query(db, "SELECT name, seen FROM repositories WHERE id = ?1", id);
//   while (query.Next()) { use(query.Text(), query.Int()); }
//   LANDWAITER_RETURN_IF_ERROR(query.status());
class Query {
 public:
  // REQUIRES: `sql` is a literal.
  template <typename... Values>
  Query(Connection& connection, std::string_view sql, const Values&... values)
      : Query(connection, sql, Prepare{}) {
    (BindNext(values), ...);
  }
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  // Moves to the next row; false at the end and after an error.
  bool Next();
  const absl::Status& status() const { return status_; }
  // Steps to the end.
  absl::Status Run();

  int64_t Int();
  uint64_t Uint() { return static_cast<uint64_t>(Int()); }
  bool Bool() { return Int() != 0; }
  std::string Text();  // also of a BLOB
  absl::Time Time() { return FromMicros(Int()); }
  std::optional<absl::Time> OptionalTime();

 private:
  struct Prepare {};
  Query(Connection& connection, std::string_view sql, Prepare);

  void BindNext(std::string_view text);
  void BindNext(const std::string& text) { BindNext(std::string_view(text)); }
  void BindNext(const char* text) { BindNext(std::string_view(text)); }
  void BindNext(Blob blob);
  void BindNext(absl::Time time) { BindInt(ToMicros(time)); }
  void BindNext(const std::optional<absl::Time>& time);
  template <typename T>
    requires(std::is_integral_v<T> || std::is_enum_v<T>)
  void BindNext(T value) {
    BindInt(static_cast<int64_t>(value));
  }
  void BindInt(int64_t value);
  void Check(int code);

  Connection& connection_;
  std::string_view sql_;
  sqlite3_stmt* statement_ = nullptr;
  absl::Status status_;
  int parameter_ = 0;
  int column_ = 0;
};

}  // namespace landwaiter::analyzer::store::sqlite

#endif  // LANDWAITER_ANALYZER_STORE_SQLITE_CONNECTION_H_
