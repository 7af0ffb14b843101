#ifndef LANDWAITER_ANALYZER_ADVISORY_TRANSFER_H_
#define LANDWAITER_ANALYZER_ADVISORY_TRANSFER_H_

#include <string>

#include "absl/status/statusor.h"
#include "analyzer/advisory/advisory_db.h"

namespace landwaiter::analyzer::advisory {

// Writes the database as one canonical stream (db_stream.h): byte for byte the
// same for every database of that version. Its digest, which is the version.
absl::StatusOr<std::string> ExportDatabase(const AdvisoryDb& db,
                                           const std::string& path);

// Makes a database of such a stream, in a file that takes its name when it is
// whole and the stream's hash was right: its version. DATA_LOSS if it was not.
absl::StatusOr<std::string> ImportDatabase(const std::string& stream,
                                           const std::string& path);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_TRANSFER_H_
