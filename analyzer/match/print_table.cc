#include <algorithm>
#include <array>
#include <vector>

#include "analyzer/match/print.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::match {
namespace {

constexpr size_t kColumns = 6;
using Row = std::array<std::string, kColumns>;

// The name that people look for: the CVE, if there is just one.
std::string IdOf(const model::Finding& finding) {
  const bool one_cve =
      finding.aliases.size() == 1 && finding.aliases[0].starts_with("CVE-");
  return one_cve ? base::StrCat(finding.advisory, " (", finding.aliases[0], ")")
                 : finding.advisory;
}

Row RowOf(const model::Finding& finding) {
  return {std::string(model::ToString(finding.severity)),
          base::Printable(finding.package),
          base::Printable(finding.installed_version),
          finding.fixed_version.empty()
              ? "-"
              : base::Printable(finding.fixed_version),
          base::Printable(IdOf(finding)),
          base::Printable(finding.summary, 60)};
}

std::string Format(const std::vector<Row>& rows) {
  std::array<size_t, kColumns> widths{};
  for (const Row& row : rows) {
    for (size_t i = 0; i < kColumns; ++i) {
      widths[i] = std::max(widths[i], row[i].size());
    }
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (size_t i = 0; i < kColumns; ++i) {
      line += row[i];
      line.append(widths[i] - row[i].size() + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    base::StrAppend(&text, line, "\n");
  }
  return text;
}

std::string Counts(const MatchResult& result) {
  model::SeverityCounts counts;
  for (const auto& finding : result.detection.findings) {
    counts.Add(finding.severity);
  }
  return base::StrCat(result.inventory.packages.size(), " packages, ",
                      result.detection.findings.size(),
                      " findings: ", counts.critical, " critical, ",
                      counts.high, " high, ", counts.medium, " medium, ",
                      counts.low, " low, ", counts.unknown, " unknown (",
                      base::Printable(result.detection.ecosystem), ", ",
                      result.report.taken, " advisories)\n");
}

std::string NoAdvisoryData(const MatchResult& result) {
  const std::string& ecosystem = result.detection.ecosystem;
  return base::StrCat("NoAdvisoryData: ",
                      ecosystem.empty() ? "the image names no system"
                                        : "there are no advisories for ",
                      base::Printable(ecosystem), "; its ",
                      result.inventory.packages.size(),
                      " packages were not matched\n");
}

}  // namespace

std::string ToTable(const MatchResult& result) {
  std::string text;
  if (!result.detection.findings.empty()) {
    std::vector<Row> rows = {
        {"SEVERITY", "PACKAGE", "INSTALLED", "FIXED", "ADVISORY", "SUMMARY"}};
    for (const model::Finding& finding : result.detection.findings) {
      rows.push_back(RowOf(finding));
    }
    text = Format(rows) + "\n";
  }
  text += result.detection.no_advisory_data ? NoAdvisoryData(result)
                                            : Counts(result);
  for (const std::string& problem : result.inventory.problems) {
    base::StrAppend(&text, "problem: ", base::Printable(problem), "\n");
  }
  return text;
}

}  // namespace landwaiter::analyzer::match
