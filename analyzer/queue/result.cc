#include "analyzer/queue/result.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace landwaiter::analyzer::queue {
namespace {

// The name that people know it by: the CVE if there is one.
const std::string& IdOf(const model::Finding& finding) {
  const bool has_cve =
      !finding.aliases.empty() && finding.aliases[0].starts_with("CVE-");
  return has_cve ? finding.aliases[0] : finding.advisory;
}

}  // namespace

void SortFindings(std::vector<model::Finding>& findings) {
  std::ranges::sort(findings, [](const auto& a, const auto& b) {
    return std::forward_as_tuple(b.severity, a.fixed_version.empty(), a.package,
                                 IdOf(a), a.advisory, a.installed_version,
                                 a.path, a.layer) <
           std::forward_as_tuple(a.severity, b.fixed_version.empty(), b.package,
                                 IdOf(b), b.advisory, b.installed_version,
                                 b.path, b.layer);
  });
}

void MergeTop(const std::vector<model::Finding>& findings,
              const std::string& image, std::vector<model::TopFinding>& top) {
  for (size_t i = 0; i < findings.size() && i < kTopSample; ++i) {
    const model::Finding& finding = findings[i];
    top.push_back({.id = IdOf(finding),
                   .severity = finding.severity,
                   .package = finding.package,
                   .installed_version = finding.installed_version,
                   .fixed_version = finding.fixed_version,
                   .image = image});
  }
  std::ranges::sort(top, [](const auto& a, const auto& b) {
    return std::forward_as_tuple(b.severity, a.fixed_version.empty(), a.package,
                                 a.id, a.image, a.installed_version) <
           std::forward_as_tuple(a.severity, b.fixed_version.empty(), b.package,
                                 b.id, b.image, b.installed_version);
  });
  std::set<std::string> named;
  std::erase_if(top, [&](const model::TopFinding& finding) {
    return !named.insert(finding.id).second;
  });
  if (top.size() > kMaxTop) top.resize(kMaxTop);
}

}  // namespace landwaiter::analyzer::queue
