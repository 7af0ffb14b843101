#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/match/print.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::match {
namespace {

constexpr size_t kColumns = 8;
using Row = std::array<std::string, kColumns>;

// What there is instead of a fix.
std::string FixOf(const model::Finding& finding) {
  if (!finding.fixed_version.empty()) {
    return base::Printable(finding.fixed_version);
  }
  return finding.state == model::FindingState::kAffected
             ? "-"
             : std::string(model::ToString(finding.state));
}

std::string PackageOf(const model::Finding& finding) {
  return base::StrCat(base::Printable(finding.package),
                      finding.development ? " (development)"
                      : finding.declared  ? " (declared)"
                                          : "");
}

Row RowOf(const model::Finding& finding) {
  return {std::to_string(finding.priority),
          base::StrCat(model::ToString(finding.severity),
                       finding.exploited ? " exploited" : ""),
          base::Printable(finding.type),
          PackageOf(finding),
          base::Printable(finding.installed_version),
          FixOf(finding),
          base::Printable(finding.id),
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

std::string Counts(std::string_view category,
                   const model::SeverityCounts& counts) {
  return base::StrCat(category, ": ", counts.critical, " critical, ",
                      counts.high, " high, ", counts.medium, " medium, ",
                      counts.low, " low, ", counts.unknown, " unknown\n");
}

std::string Counts(const MatchResult& result) {
  model::VulnerabilityCounts counts;
  for (const auto& finding : result.detection.findings) counts.Add(finding);
  std::string text = base::StrCat(
      result.inventory.packages.size(), " packages, ",
      result.detection.findings.size(), " findings (advisories ",
      base::Printable(result.advisory_version).substr(0, 12), ")\n");
  if (!result.detection.no_advisory_data) {
    const std::string system =
        base::StrCat("system", result.detection.ecosystem.empty() ? "" : " ",
                     base::Printable(result.detection.ecosystem));
    text += Counts(system, counts.system);
  }
  return text + Counts("applications", counts.application);
}

std::string NoAdvisoryData(const MatchResult& result) {
  const detect::DetectionResult& detection = result.detection;
  std::string text;
  if (detection.no_advisory_data) {
    base::StrAppend(&text, "NoAdvisoryData: ",
                    detection.ecosystem.empty()
                        ? "the image names no system"
                        : "there are no advisories for ",
                    base::Printable(detection.ecosystem),
                    "; its packages were not matched\n");
  }
  for (const detect::EcosystemResult& application : detection.applications) {
    if (!application.no_advisory_data) continue;
    base::StrAppend(&text, "NoAdvisoryData: there are no advisories for ",
                    base::Printable(application.name), "; its ",
                    application.packages, " packages were not matched\n");
  }
  return text;
}

// Commands name nothing that is not plain.
std::string Fixes(const MatchResult& result) {
  if (result.detection.fix_commands.empty()) return "";
  std::string text = "\nTo fix all that can be fixed:\n";
  for (const std::string& command : result.detection.fix_commands) {
    base::StrAppend(&text, "  ", command, "\n");
  }
  return text;
}

}  // namespace

std::string ToTable(const MatchResult& result) {
  std::string text;
  if (!result.detection.findings.empty()) {
    std::vector<Row> rows = {{"PRIORITY", "SEVERITY", "TYPE", "PACKAGE",
                              "INSTALLED", "FIXED", "ID", "SUMMARY"}};
    for (const model::Finding& finding : result.detection.findings) {
      rows.push_back(RowOf(finding));
    }
    text = Format(rows) + "\n";
  }
  text += Counts(result) + NoAdvisoryData(result);
  if (!result.detection.end_of_life.empty()) {
    base::StrAppend(&text, "end of life: ", result.detection.ecosystem,
                    " gets its last updates on ", result.detection.end_of_life,
                    "\n");
  }
  text += Fixes(result);
  for (const std::string& problem : result.inventory.problems) {
    base::StrAppend(&text, "problem: ", base::Printable(problem), "\n");
  }
  return text;
}

}  // namespace landwaiter::analyzer::match
