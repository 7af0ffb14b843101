#ifndef LANDWAITER_ANALYZER_ADVISORY_RECORD_TEXT_H_
#define LANDWAITER_ANALYZER_ADVISORY_RECORD_TEXT_H_

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/advisory/advisory.h"

// Texts of records as the model keeps them.
namespace landwaiter::analyzer::advisory {

// References that are kept of a record, the first ones; CWEs and vectors too.
inline constexpr size_t kMaxReferences = 20;

// The first line that is not empty, cut at a word after about 300 bytes.
std::string OneLine(std::string_view text);

// RFC 3339 in UTC, to the second, of what feeds write: "2024-01-31",
// "2024-01-31T10:15Z", "2024-01-31T10:15:09.143" (UTC is meant),
// "2024-01-31 10:15:09+02:00". Empty for anything else.
std::string Rfc3339(std::string_view text);

// The CVE in "CVE-2024-1" and "UBUNTU-CVE-2024-1"; empty if there is none.
std::string_view CveOf(std::string_view id);
// "CVE-", a year, "-" and four digits or more.
bool IsCve(std::string_view text);

// Adds a reference, a CWE, a vector: once, up to kMaxReferences, and only what
// is one (an http, https or ftp URL, "CWE-79", a vector that has a score).
void AddReference(std::string_view url, std::vector<std::string>& into);
void AddCwe(std::string_view cwe, std::vector<std::string>& into);
void AddCvss(std::string_view source, std::string_view vector,
             std::vector<CvssVector>& into);

// The rating of the best of these vectors: the newest version of CVSS, the
// worst of equals.
model::Severity RateVectors(const std::vector<CvssVector>& vectors);

// Ranges from the beginning: to a fix, and without end.
std::vector<BasicEvent<std::string>> RangeBefore(std::string_view version);
std::vector<BasicEvent<std::string>> WholeRange();

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_RECORD_TEXT_H_
