#include "analyzer/detect/rating.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

#include "analyzer/advisory/cvss.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::detect {
namespace {

using advisory::CvssVector;
using model::Severity;

std::string_view VersionOf(std::string_view vector) {
  for (const std::string_view version : {"4.0", "3.1", "3.0"}) {
    if (vector.starts_with(base::StrCat("CVSS:", version, "/"))) return version;
  }
  return "2.0";
}

std::optional<Rating> RateVectors(const std::vector<CvssVector>& vectors,
                                  std::string_view unnamed) {
  using Rank = std::tuple<std::string_view, bool, double>;
  std::optional<Rank> best_rank;
  std::optional<Rating> best;
  for (const CvssVector& given : vectors) {
    const std::optional<double> score = advisory::CvssBaseScore(given.vector);
    if (!score) continue;
    const bool cna = given.source != "nvd@nist.gov";
    const Rank rank{VersionOf(given.vector), cna, *score};
    if (best_rank && *best_rank >= rank) continue;
    best_rank = rank;
    best = {advisory::SeverityOfScore(*score),
            base::StrCat(given.source.empty() ? unnamed : given.source,
                         " CVSS ", VersionOf(given.vector))};
  }
  return best;
}

int SeverityPoints(Severity severity) {
  switch (severity) {
    case Severity::kCritical:
      return 45;
    case Severity::kHigh:
      return 32;
    case Severity::kMedium:
      return 18;
    case Severity::kLow:
      return 6;
    case Severity::kNegligible:
      return 2;
    case Severity::kUnknown:
      return 12;
  }
  return 0;
}

}  // namespace

Rating Rate(Severity of_package, const advisory::Details& details,
            const advisory::Enrichment* known) {
  if (of_package != Severity::kUnknown) return {of_package, details.feed};
  if (details.severity != Severity::kUnknown) {
    return {details.severity, details.feed};
  }
  if (auto rating = RateVectors(details.cvss, details.feed)) return *rating;
  if (known != nullptr) {
    if (auto rating = RateVectors(known->cvss, "NVD")) return *rating;
  }
  if (details.malicious) return {Severity::kCritical, details.feed};
  return {};
}

uint8_t PriorityOf(const Urgency& urgency) {
  if (urgency.malicious) return 100;
  int points = SeverityPoints(urgency.severity);
  if (urgency.exploited) points += urgency.ransomware ? 35 : 30;
  // Half a point and more counts as one.
  points += static_cast<int>(
      (uint64_t{15} * std::min(urgency.epss, 1'000'000u) + 500'000) /
      1'000'000);
  if (urgency.fixable) points += 5;
  return static_cast<uint8_t>(std::min(points, 100));
}

}  // namespace landwaiter::analyzer::detect
