#ifndef LANDWAITER_ANALYZER_ADVISORY_CVSS_H_
#define LANDWAITER_ANALYZER_ADVISORY_CVSS_H_

#include <optional>
#include <string_view>

#include "core/model/severity.h"

namespace landwaiter::analyzer::advisory {

// The base score, 0.0 to 10.0, of a vector of CVSS 2 ("AV:N/AC:L/Au:N/..."),
// 3.0, 3.1 or 4.0 ("CVSS:3.1/AV:N/..."), by the equations of FIRST's
// specifications. Threat, environmental and supplemental metrics may be there
// and do not count. nullopt for text that is no such vector.
std::optional<double> CvssBaseScore(std::string_view vector);

// The rating of a score by the scale of CVSS 3 and 4: a score of 0 ("None") is
// kNegligible.
model::Severity SeverityOfScore(double score);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_CVSS_H_
