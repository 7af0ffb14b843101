#ifndef LANDWAITER_ANALYZER_ADVISORY_NVD_CONFIGURATIONS_H_
#define LANDWAITER_ANALYZER_ADVISORY_NVD_CONFIGURATIONS_H_

#include <vector>

#include "analyzer/advisory/advisory.h"
#include "nlohmann/json_fwd.hpp"

namespace landwaiter::analyzer::advisory {

// What the `configurations` of a CVE say of the products of cpe_product.h, an
// entry for each product. Throws BrokenRecord.
std::vector<Affected> AffectedByNvd(const nlohmann::json& cve);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_NVD_CONFIGURATIONS_H_
