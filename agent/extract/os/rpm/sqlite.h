#ifndef LANDWAITER_AGENT_EXTRACT_OS_RPM_SQLITE_H_
#define LANDWAITER_AGENT_EXTRACT_OS_RPM_SQLITE_H_

#include "absl/status/status.h"
#include "agent/extract/file.h"
#include "agent/extract/os/rpm/header_sink.h"
#include "agent/extract/problems.h"

namespace landwaiter::agent::extract::os {

// Reads the headers out of "rpmdb.sqlite", rpm's default since 4.16: the
// second column of the table Packages (hnum INTEGER PRIMARY KEY, blob BLOB).
//
// An own reader of table b-trees over hostile bytes, without SQL
// (docs/adr/0010-rpm-without-librpm.md). It sees the file alone: pages that
// are only in a write-ahead log beside it are not read (rpm.h).
// Format: https://www.sqlite.org/fileformat2.html
absl::Status ReadSqlite(File& file, Problems& problems, HeaderSink sink);

}  // namespace landwaiter::agent::extract::os

#endif  // LANDWAITER_AGENT_EXTRACT_OS_RPM_SQLITE_H_
