#ifndef LANDWAITER_AGENT_EXTRACT_OS_RPM_BDB_H_
#define LANDWAITER_AGENT_EXTRACT_OS_RPM_BDB_H_

#include "absl/status/status.h"
#include "agent/extract/file.h"
#include "agent/extract/os/rpm/header_sink.h"
#include "agent/extract/problems.h"

namespace landwaiter::agent::extract::os {

// Reads the headers out of "Packages" as rpm wrote it until 4.16: a Berkeley
// DB hash of record number -> header, in the byte order of the machine that
// made it.
//
// All pages are looked at in order instead of the hash's buckets: no bucket
// can hide a record, and pages out of use have a type of their own.
// Format: Berkeley DB 4.5-5.3, dbinc/db_page.h.
absl::Status ReadBdb(File& file, Problems& problems, HeaderSink sink);

}  // namespace landwaiter::agent::extract::os

#endif  // LANDWAITER_AGENT_EXTRACT_OS_RPM_BDB_H_
