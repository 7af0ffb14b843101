#ifndef LANDWAITER_ANALYZER_ADVISORY_ALPINE_UNFIXED_H_
#define LANDWAITER_ANALYZER_ADVISORY_ALPINE_UNFIXED_H_

#include "analyzer/advisory/feed_format.h"

namespace landwaiter::analyzer::advisory {

// "alpine-unfixed": a file for each CVE of Alpine's security tracker
// (https://security.alpinelinux.org), of which the packages that have no fix
// are taken: secdb tells the others. A package is affected from the version
// that the tracker saw.
const FeedFormat& AlpineUnfixed();

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_ALPINE_UNFIXED_H_
