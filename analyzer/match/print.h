#ifndef LANDWAITER_ANALYZER_MATCH_PRINT_H_
#define LANDWAITER_ANALYZER_MATCH_PRINT_H_

#include <string>

#include "analyzer/match/match.h"

namespace landwaiter::analyzer::match {

// {"image": {...}, "os": {...}, "ecosystem": "...", "noAdvisoryData": bool,
//  "advisories": {"version", "records", "taken", "withdrawn", "skipped": {}},
//  "summary": {"critical", "high", "medium", "low", "unknown"},
//  "findings": [{"advisory", "aliases", "package", "sourcePackage",
//                "installedVersion", "fixedVersion", "severity", "type",
//                "path", "layer", "fixCommand", "summary"}],
//  "problems": [...]}
// fixedVersion and fixCommand are absent where no fix is published.
std::string ToJson(const MatchResult& result);

// For people: a line a finding and a line that counts them. Control characters
// of names and versions are escaped.
std::string ToTable(const MatchResult& result);

}  // namespace landwaiter::analyzer::match

#endif  // LANDWAITER_ANALYZER_MATCH_PRINT_H_
