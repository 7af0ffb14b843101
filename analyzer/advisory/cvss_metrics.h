#ifndef LANDWAITER_ANALYZER_ADVISORY_CVSS_METRICS_H_
#define LANDWAITER_ANALYZER_ADVISORY_CVSS_METRICS_H_

#include <map>
#include <optional>
#include <string_view>

// Parts of cvss.cc, one version of CVSS each.
namespace landwaiter::analyzer::advisory {

// The metrics of a vector by name.
using CvssMetrics = std::map<std::string_view, std::string_view>;

// nullopt if a base metric is missing or has no such value.
std::optional<double> Cvss2BaseScore(const CvssMetrics& metrics);
std::optional<double> Cvss3BaseScore(const CvssMetrics& metrics);
std::optional<double> Cvss4BaseScore(const CvssMetrics& metrics);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_CVSS_METRICS_H_
