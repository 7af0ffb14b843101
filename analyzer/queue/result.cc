#include "analyzer/queue/result.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace landwaiter::analyzer::queue {

void SortFindings(std::vector<model::Finding>& findings) {
  std::ranges::sort(findings, [](const auto& a, const auto& b) {
    return std::forward_as_tuple(
               b.priority, b.severity, a.fixed_version.empty(), a.package, a.id,
               a.advisory, a.installed_version, a.path, a.layer) <
           std::forward_as_tuple(
               a.priority, a.severity, b.fixed_version.empty(), b.package, b.id,
               b.advisory, b.installed_version, b.path, b.layer);
  });
}

void MergeTop(const std::vector<model::Finding>& findings,
              const std::string& image, const model::TaskSpec& spec,
              std::vector<model::TopFinding>& top) {
  size_t sampled = 0;
  for (const model::Finding& finding : findings) {
    if (!spec.Wants(finding.category)) continue;
    if (++sampled > kTopSample) break;
    top.push_back({.id = finding.id,
                   .severity = finding.severity,
                   .package = finding.package,
                   .installed_version = finding.installed_version,
                   .fixed_version = finding.fixed_version,
                   .image = image,
                   .priority = finding.priority});
  }
  std::ranges::sort(top, [](const auto& a, const auto& b) {
    return std::forward_as_tuple(b.priority, b.severity,
                                 a.fixed_version.empty(), a.package, a.id,
                                 a.image, a.installed_version) <
           std::forward_as_tuple(a.priority, a.severity,
                                 b.fixed_version.empty(), b.package, b.id,
                                 b.image, b.installed_version);
  });
  std::set<std::string> named;
  std::erase_if(top, [&](const model::TopFinding& finding) {
    return !named.insert(finding.id).second;
  });
  if (top.size() > kMaxTop) top.resize(kMaxTop);
}

}  // namespace landwaiter::analyzer::queue
