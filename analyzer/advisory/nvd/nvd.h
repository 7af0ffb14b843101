#ifndef LANDWAITER_ANALYZER_ADVISORY_NVD_NVD_H_
#define LANDWAITER_ANALYZER_ADVISORY_NVD_NVD_H_

#include "analyzer/advisory/feed_format.h"

namespace landwaiter::analyzer::advisory {

// "nvd": the National Vulnerability Database, answers of its API 2.0 or the
// yearly feeds in that form:
// https://nvd.nist.gov/feeds/json/cve/2.0/nvdcve-2.0-2024.json.gz. Every CVE
// is an enrichment: vectors of all versions, weaknesses, references, whether
// it was rejected. Those of products that cpe_product.h names are advisories
// too, by the version ranges of their configurations. A match without any
// version says nothing and is left out, and so is one that is only on systems
// other than Linux.
const FeedFormat& Nvd();

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_NVD_NVD_H_
