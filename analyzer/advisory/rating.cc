#include "analyzer/advisory/rating.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "analyzer/advisory/cvss.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

// Higher goes before lower.
int RankOf(const SeverityEntry& entry) {
  if (entry.type == "CVSS_V2") return 1;
  if (entry.type == "CVSS_V3") return 2;
  if (entry.type == "CVSS_V4") return 3;
  return 4;
}

model::Severity RateEntry(const SeverityEntry& entry) {
  if (RankOf(entry) == 4) return RateWord(entry.score);
  const std::optional<double> score = CvssBaseScore(entry.score);
  return score ? SeverityOfScore(*score) : model::Severity::kUnknown;
}

bool IsModuleCharacter(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
         (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '-' || c == '+';
}

bool IsModuleWord(std::string_view word) {
  return !word.empty() &&
         std::all_of(word.begin(), word.end(), IsModuleCharacter);
}

}  // namespace

model::Severity Rate(const std::vector<SeverityEntry>& entries) {
  std::pair<int, model::Severity> best{0, model::Severity::kUnknown};
  for (const SeverityEntry& entry : entries) {
    const model::Severity severity = RateEntry(entry);
    if (severity == model::Severity::kUnknown) continue;
    best = std::max(best, {RankOf(entry), severity});
  }
  return best.second;
}

model::Severity RateWord(std::string_view word) {
  while (word.ends_with('*')) word.remove_suffix(1);
  return model::SeverityFromString(word);
}

model::Severity RateSummary(std::string_view summary) {
  const auto parts = base::SplitOnce(summary, ':');
  return parts ? RateWord(parts->first) : model::Severity::kUnknown;
}

std::vector<std::string> ModulesOfSummary(std::string_view summary) {
  std::vector<std::string> modules;
  for (std::string_view word : base::Split(summary, ' ')) {
    while (word.ends_with(',')) word.remove_suffix(1);
    const auto parts = base::SplitOnce(word, ':');
    if (parts && IsModuleWord(parts->first) && IsModuleWord(parts->second)) {
      modules.emplace_back(word);
    }
  }
  return modules;
}

}  // namespace landwaiter::analyzer::advisory
