#ifndef LANDWAITER_ANALYZER_ADVISORY_OSV_OSV_FORMAT_H_
#define LANDWAITER_ANALYZER_ADVISORY_OSV_OSV_FORMAT_H_

#include "analyzer/advisory/feed_format.h"

namespace landwaiter::analyzer::advisory {

// "osv": records of the Open Source Vulnerability format, one in each *.json:
// osv.dev's all.zip, and the repositories that publish in it (GitHub's
// advisory-database with its github-reviewed/ folders, the Go vulnerability
// database, malicious-packages, Ubuntu's, Bitnami's).
const FeedFormat& OsvFormat();

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_OSV_OSV_FORMAT_H_
