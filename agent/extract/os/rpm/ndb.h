#ifndef LANDWAITER_AGENT_EXTRACT_OS_RPM_NDB_H_
#define LANDWAITER_AGENT_EXTRACT_OS_RPM_NDB_H_

#include "absl/status/status.h"
#include "agent/extract/file.h"
#include "agent/extract/os/rpm/header_sink.h"
#include "agent/extract/problems.h"

namespace landwaiter::agent::extract::os {

// Reads the headers out of "Packages.db", SUSE's format: little-endian, a
// table of slots at the file's start, each of which names a package and where
// its blob lies. Format: rpm 4.14-4.20, lib/backend/ndb/rpmpkg.c.
absl::Status ReadNdb(File& file, Problems& problems, HeaderSink sink);

}  // namespace landwaiter::agent::extract::os

#endif  // LANDWAITER_AGENT_EXTRACT_OS_RPM_NDB_H_
