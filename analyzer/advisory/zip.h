#ifndef LANDWAITER_ANALYZER_ADVISORY_ZIP_H_
#define LANDWAITER_ANALYZER_ADVISORY_ZIP_H_

#include <string>

#include "absl/status/status.h"
#include "analyzer/advisory/feed.h"

namespace landwaiter::analyzer::advisory {

// Shows every *.json in the zip (on libarchive), of each at most kMaxRecord
// bytes. An entry that is damaged is a record with a problem;
// INVALID_ARGUMENT if the archive is.
absl::Status ReadZip(const std::string& path, VisitRecord visit);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_ZIP_H_
