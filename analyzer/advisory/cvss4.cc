// CVSS v4.0 Specification, section 8: a vector belongs to a macrovector, whose
// score is looked up, and lies some way below the macrovector's worst vector;
// the score is lowered by that way in proportion.
//
// A base score takes the threat and the requirements at their worst (E:A,
// CR:H/IR:H/AR:H) and knows no safety impact. So EQ5 is 0, EQ6 follows from
// EQ3, and EQ4 is 1 or 2: sixty of the macrovectors can be met.
#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

#include "analyzer/advisory/cvss_metrics.h"

namespace landwaiter::analyzer::advisory {
namespace {

// Scores of the macrovectors by EQ1, EQ2, (EQ3, EQ6) and EQ4 - 1.
enum Eq36 { k00, k01, k10, k11, k21, kEq36End };
constexpr double kScores[3][2][kEq36End][2] = {
    {{{10, 9.3}, {9.6, 9.0}, {9.3, 8.8}, {9.2, 8.0}, {7.9, 6.9}},
     {{9.5, 9.2}, {9.1, 8.1}, {9.2, 8.4}, {8.2, 7.0}, {7.1, 6.3}}},
    {{{9.4, 8.7}, {8.9, 7.5}, {8.6, 7.2}, {7.6, 5.7}, {6.5, 5.3}},
     {{9.0, 7.7}, {7.7, 6.6}, {7.4, 6.1}, {5.9, 5.2}, {5.8, 2.3}}},
    {{{8.6, 7.0}, {7.4, 5.4}, {7.2, 5.3}, {5.7, 3.6}, {4.7, 2.4}},
     {{7.3, 5.4}, {5.5, 4.3}, {6.1, 4.6}, {5.1, 1.8}, {2.4, 1.0}}}};

// A group of metrics: how many steps each is below its worst value.
using Steps = std::array<int, 3>;

// How far the steps are below the first of the worst vectors that is nowhere
// better than they are.
int DistanceBelow(const Steps& steps, std::initializer_list<Steps> worst) {
  for (const Steps& top : worst) {
    int distance = 0;
    bool below = true;
    for (size_t i = 0; i < steps.size(); ++i) {
      below = below && steps[i] >= top[i];
      distance += steps[i] - top[i];
    }
    if (below) return distance;
  }
  return 0;
}

class Reader {
 public:
  explicit Reader(const CvssMetrics& metrics) : metrics_(metrics) {}

  // The place of the metric's value in `values`, which go from worst on.
  int operator()(std::string_view name, std::string_view values) {
    const auto metric = metrics_.find(name);
    if (metric != metrics_.end() && metric->second.size() == 1) {
      const size_t place = values.find(metric->second);
      if (place != values.npos) return static_cast<int>(place);
    }
    complete_ = false;
    return 0;
  }
  bool complete() const { return complete_; }

 private:
  const CvssMetrics& metrics_;
  bool complete_ = true;
};

// A set of metrics in which there is a next lower macrovector: its score, and
// how much of the way down to it the vector is.
struct Step {
  double lower;
  double part;
};

double Part(int distance, int depth) {
  return static_cast<double>(distance) / depth;
}

// The vector's place between EQ1 and the next lower one. REQUIRES: eq1 < 2.
double AccessPart(int eq1, const Steps& access) {
  if (eq1 == 0) return 0;
  return Part(DistanceBelow(access, {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}), 4);
}

double Interpolate(double score, const std::vector<Step>& steps) {
  double sum = 0;
  for (const Step& step : steps) sum += (score - step.lower) * step.part;
  // EQ5 has a next lower one too, and the vector is at its top.
  const double count = static_cast<double>(steps.size() + 1);
  return std::clamp(score - sum / count, 0.0, 10.0);
}

}  // namespace

std::optional<double> Cvss4BaseScore(const CvssMetrics& metrics) {
  Reader read(metrics);
  const Steps access = {read("AV", "NALP"), read("PR", "NLH"),
                        read("UI", "NPA")};
  const Steps complexity = {read("AC", "LH"), read("AT", "NP"), 0};
  const Steps impact = {read("VC", "HLN"), read("VI", "HLN"),
                        read("VA", "HLN")};
  const Steps subsequent = {read("SC", "HLN"), read("SI", "HLN"),
                            read("SA", "HLN")};
  if (!read.complete()) return std::nullopt;
  const Steps none = {2, 2, 2};
  if (impact == none && subsequent == none) return 0;

  const auto any_worst = [](const Steps& steps) {
    return std::find(steps.begin(), steps.end(), 0) != steps.end();
  };
  const int eq1 = access == Steps{}                     ? 0
                  : any_worst(access) && access[0] != 3 ? 1
                                                        : 2;
  const int eq2 = complexity == Steps{} ? 0 : 1;
  const Eq36 eq36 = impact[0] == 0 && impact[1] == 0 ? k00
                    : any_worst(impact)              ? k10
                                                     : k21;
  const int eq4 = any_worst(subsequent) ? 0 : 1;

  const double score = kScores[eq1][eq2][eq36][eq4];
  std::vector<Step> steps;
  if (eq1 < 2) {
    steps.push_back(
        {kScores[eq1 + 1][eq2][eq36][eq4], AccessPart(eq1, access)});
  }
  if (eq2 == 0) steps.push_back({kScores[eq1][1][eq36][eq4], 0});
  const auto& lower = kScores[eq1][eq2];
  if (eq36 == k00) {
    steps.push_back({std::max(lower[k01][eq4], lower[k10][eq4]),
                     Part(DistanceBelow(impact, {{0, 0, 0}}), 7)});
  } else if (eq36 == k10) {
    steps.push_back({lower[k11][eq4],
                     Part(DistanceBelow(impact, {{1, 0, 0}, {0, 1, 0}}), 8)});
  }
  if (eq4 == 0) {
    steps.push_back(
        {lower[eq36][1], Part(DistanceBelow(subsequent, {{0, 0, 0}}), 5)});
  }
  // Half goes up, also where binary fractions fall just short of it.
  return std::round((Interpolate(score, steps) + 1e-6) * 10) / 10;
}

}  // namespace landwaiter::analyzer::advisory
