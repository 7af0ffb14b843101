#ifndef LANDWAITER_ANALYZER_ADVISORY_EPSS_EPSS_H_
#define LANDWAITER_ANALYZER_ADVISORY_EPSS_EPSS_H_

#include "analyzer/advisory/feed_format.h"

namespace landwaiter::analyzer::advisory {

// "epss": FIRST's estimates of all CVEs,
// https://epss.empiricalsecurity.com/epss_scores-current.csv.gz:
//
//   #model_version:v2023.03.01,score_date:2024-10-25T00:00:00+0000
//   cve,epss,percentile
//   CVE-1999-0005,0.91963,0.99030
const FeedFormat& EpssScores();

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_EPSS_EPSS_H_
