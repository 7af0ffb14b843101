#ifndef LANDWAITER_ANALYZER_ADVISORY_OSV_OSV_AFFECTED_H_
#define LANDWAITER_ANALYZER_ADVISORY_OSV_OSV_AFFECTED_H_

#include <string_view>
#include <vector>

#include "analyzer/advisory/advisory.h"
#include "analyzer/advisory/rating.h"
#include "nlohmann/json_fwd.hpp"

namespace landwaiter::analyzer::advisory {

// Reads a member of an OSV record's `affected` and adds the entries that it
// makes: none without a package, several where it lists the binary packages of
// a source package. Throws BrokenRecord.
void ReadOsvAffected(const nlohmann::json& json, std::string_view summary,
                     std::vector<Affected>& into);

// The members of `severity`, of a record or of an entry.
std::vector<SeverityEntry> OsvSeverities(const nlohmann::json& object);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_OSV_OSV_AFFECTED_H_
