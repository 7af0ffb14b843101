#include "analyzer/queue/version_range.h"

#include <algorithm>
#include <array>
#include <utility>

#include "analyzer/version/alpm.h"
#include "analyzer/version/apk.h"
#include "analyzer/version/components.h"
#include "analyzer/version/conan.h"
#include "analyzer/version/dpkg.h"
#include "analyzer/version/go.h"
#include "analyzer/version/maven.h"
#include "analyzer/version/nuget.h"
#include "analyzer/version/packagist.h"
#include "analyzer/version/pep440.h"
#include "analyzer/version/pub.h"
#include "analyzer/version/rpm.h"
#include "analyzer/version/rubygems.h"
#include "analyzer/version/semver.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::queue {
namespace {

constexpr size_t kLongest = 1000;

struct TypeComparison {
  std::string_view type;
  CompareVersions compare;
};
constexpr std::array kComparisons = {
    TypeComparison{"alpm", version::CompareAlpm},
    TypeComparison{"apk", version::CompareApk},
    TypeComparison{"composer", version::ComparePackagist},
    TypeComparison{"conan", version::CompareConan},
    TypeComparison{"cran", version::CompareCran},
    TypeComparison{"deb", version::CompareDpkg},
    TypeComparison{"gem", version::CompareRubygems},
    TypeComparison{"golang", version::CompareGo},
    TypeComparison{"hackage", version::CompareHackage},
    TypeComparison{"maven", version::CompareMaven},
    TypeComparison{"nuget", version::CompareNuget},
    TypeComparison{"pub", version::ComparePub},
    TypeComparison{"pypi", version::ComparePep440},
    TypeComparison{"rpm", version::CompareRpm},
};

// The pieces between "||".
std::vector<std::string_view> Alternatives(std::string_view text) {
  std::vector<std::string_view> pieces;
  while (true) {
    const size_t bar = text.find("||");
    pieces.push_back(text.substr(0, bar));
    if (bar == std::string_view::npos) return pieces;
    text.remove_prefix(bar + 2);
  }
}

}  // namespace

CompareVersions ComparisonOf(std::string_view purl_type) {
  for (const TypeComparison& entry : kComparisons) {
    if (entry.type == purl_type) return entry.compare;
  }
  return version::CompareSemver;
}

absl::StatusOr<VersionRange::Condition> VersionRange::ParseCondition(
    std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, Relation>, 7> kSigns =
      {{{"<=", Relation::kAtMost},
        {">=", Relation::kAtLeast},
        {"!=", Relation::kNotEqual},
        {"==", Relation::kEqual},
        {"<", Relation::kLess},
        {">", Relation::kMore},
        {"=", Relation::kEqual}}};
  Condition condition{Relation::kEqual, {}};
  std::string_view rest = base::Strip(text);
  for (const auto& [sign, relation] : kSigns) {
    if (!rest.starts_with(sign)) continue;
    condition.relation = relation;
    rest.remove_prefix(sign.size());
    break;
  }
  condition.version = base::Strip(rest);
  if (!condition.version.empty()) return condition;
  return absl::InvalidArgumentError(
      base::StrCat("range: \"", base::Printable(text), "\" names no version"));
}

absl::StatusOr<VersionRange> VersionRange::Parse(std::string_view text) {
  VersionRange range;
  text = base::Strip(text);
  if (text.empty() || text == "*") return range;
  if (text.size() > kLongest) {
    return absl::InvalidArgumentError("range: too long");
  }
  for (const std::string_view alternative : Alternatives(text)) {
    auto& conditions = range.alternatives_.emplace_back();
    for (const std::string_view part : base::Split(alternative, ',')) {
      LANDWAITER_ASSIGN_OR_RETURN(Condition condition, ParseCondition(part));
      conditions.push_back(std::move(condition));
    }
  }
  return range;
}

bool VersionRange::Holds(const Condition& condition, std::string_view version,
                         CompareVersions compare) {
  const std::weak_ordering order = compare(version, condition.version);
  switch (condition.relation) {
    case Relation::kLess:
      return order < 0;
    case Relation::kAtMost:
      return order <= 0;
    case Relation::kEqual:
      return order == 0;
    case Relation::kAtLeast:
      return order >= 0;
    case Relation::kMore:
      return order > 0;
    case Relation::kNotEqual:
      return order != 0;
  }
  return false;
}

bool VersionRange::Contains(std::string_view version,
                            CompareVersions compare) const {
  if (alternatives_.empty()) return true;
  return std::ranges::any_of(alternatives_, [&](const auto& conditions) {
    return std::ranges::all_of(conditions, [&](const Condition& condition) {
      return Holds(condition, version, compare);
    });
  });
}

}  // namespace landwaiter::analyzer::queue
