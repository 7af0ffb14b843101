#ifndef LANDWAITER_AGENT_EXTRACT_OS_RPM_SQLITE_RECORD_H_
#define LANDWAITER_AGENT_EXTRACT_OS_RPM_SQLITE_RECORD_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace landwaiter::agent::extract::os {

// SQLite's variable-length integers: takes one from the front of `bytes`.
// nullopt, and nothing taken, if `bytes` ends before it does.
std::optional<uint64_t> TakeVarint(std::string_view& bytes);

// A column of a record (fileformat2, 2.1): an integer, or the bytes of a text
// or blob. NULL and floating-point values are neither.
struct SqliteValue {
  std::optional<int64_t> integer;
  std::optional<std::string_view> bytes;  // points into the record
};

// Column `index` of `record`, from 0; a value that is neither for a column
// that the record does not have, or that is not wholly in it.
SqliteValue SqliteColumn(std::string_view record, int index);

}  // namespace landwaiter::agent::extract::os

#endif  // LANDWAITER_AGENT_EXTRACT_OS_RPM_SQLITE_RECORD_H_
