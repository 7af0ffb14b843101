#ifndef LANDWAITER_ANALYZER_ADVISORY_KEV_KEV_H_
#define LANDWAITER_ANALYZER_ADVISORY_KEV_KEV_H_

#include "analyzer/advisory/feed_format.h"

namespace landwaiter::analyzer::advisory {

// "cisa-kev": the known exploited vulnerabilities, in JSON or CSV:
// https://www.cisa.gov/sites/default/files/feeds/
// known_exploited_vulnerabilities.json and .csv. Taken are the dates and
// whether ransomware uses it; the rest is in other feeds.
const FeedFormat& CisaKev();

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_KEV_KEV_H_
