#ifndef LANDWAITER_ANALYZER_ADVISORY_DEBIAN_SUPPORT_H_
#define LANDWAITER_ANALYZER_ADVISORY_DEBIAN_SUPPORT_H_

#include "analyzer/advisory/feed_format.h"

namespace landwaiter::analyzer::advisory {

// "debian-support": packages whose security support ends before their
// release's, the files security-support-ended.deb12 and so on of
// https://salsa.debian.org/debian/debian-security-support:
//
//   suricata  1:6.0.10-1  2026-04-30  Upstream security support ended ...
//
// An advisory "DEBIAN-EOL-12-suricata" for each: end of life up to that
// version, since the date in its statement. A version of 0 is every one.
// Lines that name many packages by a pattern ("php-horde.*"), and the list of
// what has limited support, are left out.
const FeedFormat& DebianSupport();

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_DEBIAN_SUPPORT_H_
