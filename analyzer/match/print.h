#ifndef LANDWAITER_ANALYZER_MATCH_PRINT_H_
#define LANDWAITER_ANALYZER_MATCH_PRINT_H_

#include <string>

#include "analyzer/match/match.h"

namespace landwaiter::analyzer::match {

// {"image": {...}, "os": {...}, "ecosystem": "...", "endOfLife": "2024-06-30",
//  "noAdvisoryData": bool,
//  "applications": [{"ecosystem", "packages", "noAdvisoryData"}],
//  "advisories": {"version", "records", "taken", "withdrawn", "skipped": {}},
//  "summary": {"systemVulnerabilities": {"critical", "high", "medium", "low",
//               "unknown"}, "applicationVulnerabilities": {...}},
//  "findings": [...], "fixCommands": [...], "problems": [...]}
// docs/matching.md has a finding's members. What is empty or false is absent.
std::string ToJson(const MatchResult& result);

// One of them, on one line.
std::string ToJson(const model::Finding& finding);

// For people: a line a finding and a line that counts them. Control characters
// of names and versions are escaped.
std::string ToTable(const MatchResult& result);

}  // namespace landwaiter::analyzer::match

#endif  // LANDWAITER_ANALYZER_MATCH_PRINT_H_
