#include "analyzer/advisory/cvss.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <utility>

#include "analyzer/advisory/cvss_metrics.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

// nullopt if an element is no pair or a metric is given twice.
std::optional<CvssMetrics> ParseMetrics(std::string_view text) {
  CvssMetrics metrics;
  for (std::string_view element : base::Split(text, '/')) {
    const auto pair = base::SplitOnce(element, ':');
    if (!pair || pair->first.empty() || pair->second.empty()) {
      return std::nullopt;
    }
    if (!metrics.insert(*pair).second) return std::nullopt;
  }
  return metrics;
}

// Reads numeric values of metrics and remembers whether all could be read.
class Values {
 public:
  explicit Values(const CvssMetrics& metrics) : metrics_(metrics) {}

  double operator()(
      std::string_view name,
      std::initializer_list<std::pair<std::string_view, double>> scale) {
    const auto metric = metrics_.find(name);
    for (const auto& [value, number] : scale) {
      if (metric != metrics_.end() && metric->second == value) return number;
    }
    complete_ = false;
    return 0;
  }

  bool complete() const { return complete_; }

 private:
  const CvssMetrics& metrics_;
  bool complete_ = true;
};

// The least number with one decimal that is not less (CVSS 3.1, appendix A,
// which says why not simply ceil).
double RoundUp(double score) {
  const auto scaled = std::llround(score * 100000);
  const auto tenths = scaled / 10000 + (scaled % 10000 == 0 ? 0 : 1);
  return static_cast<double>(tenths) / 10;
}

}  // namespace

// CVSS v2 Complete Documentation, 3.2.1.
std::optional<double> Cvss2BaseScore(const CvssMetrics& metrics) {
  Values value(metrics);
  const double vector = value("AV", {{"L", 0.395}, {"A", 0.646}, {"N", 1}});
  const double complexity =
      value("AC", {{"H", 0.35}, {"M", 0.61}, {"L", 0.71}});
  const double authentication =
      value("Au", {{"M", 0.45}, {"S", 0.56}, {"N", 0.704}});
  const auto loss = [&](std::string_view name) {
    return 1 - value(name, {{"N", 0}, {"P", 0.275}, {"C", 0.660}});
  };
  const double kept = loss("C") * loss("I") * loss("A");
  if (!value.complete()) return std::nullopt;

  const double impact = 10.41 * (1 - kept);
  const double exploitability = 20 * vector * complexity * authentication;
  const double score =
      (0.6 * impact + 0.4 * exploitability - 1.5) * (impact == 0 ? 0 : 1.176);
  return std::round(std::max(0.0, score) * 10) / 10;
}

// CVSS v3.1 Specification, 7.1 and 7.4 (the same in 3.0).
std::optional<double> Cvss3BaseScore(const CvssMetrics& metrics) {
  Values value(metrics);
  const bool changed = value("S", {{"U", 0}, {"C", 1}}) == 1;
  const double vector =
      value("AV", {{"N", 0.85}, {"A", 0.62}, {"L", 0.55}, {"P", 0.2}});
  const double complexity = value("AC", {{"L", 0.77}, {"H", 0.44}});
  const double privileges = value(
      "PR",
      {{"N", 0.85}, {"L", changed ? 0.68 : 0.62}, {"H", changed ? 0.5 : 0.27}});
  const double interaction = value("UI", {{"N", 0.85}, {"R", 0.62}});
  const auto loss = [&](std::string_view name) {
    return 1 - value(name, {{"N", 0}, {"L", 0.22}, {"H", 0.56}});
  };
  const double base = 1 - loss("C") * loss("I") * loss("A");
  if (!value.complete()) return std::nullopt;

  const double impact =
      changed ? 7.52 * (base - 0.029) - 3.25 * std::pow(base - 0.02, 15)
              : 6.42 * base;
  if (impact <= 0) return 0;
  const double exploitability =
      8.22 * vector * complexity * privileges * interaction;
  return RoundUp(
      std::min((changed ? 1.08 : 1) * (impact + exploitability), 10.0));
}

std::optional<double> CvssBaseScore(std::string_view vector) {
  constexpr std::string_view kPrefix = "CVSS:";
  std::string_view version;
  if (vector.starts_with(kPrefix)) {
    const auto head = base::SplitOnce(vector.substr(kPrefix.size()), '/');
    if (!head) return std::nullopt;
    version = head->first;
    vector = head->second;
  }
  const std::optional<CvssMetrics> metrics = ParseMetrics(vector);
  if (!metrics) return std::nullopt;
  if (version.empty()) return Cvss2BaseScore(*metrics);
  if (version == "3.0" || version == "3.1") return Cvss3BaseScore(*metrics);
  if (version == "4.0") return Cvss4BaseScore(*metrics);
  return std::nullopt;
}

model::Severity SeverityOfScore(double score) {
  if (score >= 9) return model::Severity::kCritical;
  if (score >= 7) return model::Severity::kHigh;
  if (score >= 4) return model::Severity::kMedium;
  if (score > 0) return model::Severity::kLow;
  return model::Severity::kNegligible;
}

}  // namespace landwaiter::analyzer::advisory
