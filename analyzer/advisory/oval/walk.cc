#include "analyzer/advisory/oval/walk.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"

namespace landwaiter::analyzer::advisory {
namespace {

class Walk {
 public:
  Walk(const OvalFacts& facts, IsOvalPackage is_package,
       absl::FunctionRef<void(const OvalClause&)> tell)
      : facts_(facts), is_package_(is_package), tell_(tell) {}

  void Visit(const OvalCriteria& criteria) {
    const size_t outer = clause_.conditions.size();
    if (criteria.all) PushConditions(criteria);
    const Bounds bounds = LowerBounds(criteria);
    for (const OvalCriterion& criterion : criteria.criterions) {
      const OvalFact fact = FactOf(criterion);
      if (!is_package_(fact, criterion.comment)) continue;
      const auto bound = bounds.find(fact.package);
      const bool bounded = bound != bounds.end();
      if (bounded && fact.kind == OvalFact::Kind::kAfter) continue;
      clause_.fact = fact;
      clause_.comment = criterion.comment;
      clause_.after = bounded ? bound->second : std::string_view();
      tell_(clause_);
    }
    for (const OvalCriteria& inner : criteria.inner) {
      if (HasPackage(inner)) Visit(inner);
    }
    clause_.conditions.resize(outer);
  }

 private:
  // What the test is of. Where there is no such test, which is so in cut files,
  // the comment is believed: "bind is earlier than 30:9.3.3-8.el5".
  OvalFact FactOf(const OvalCriterion& criterion) const {
    constexpr std::string_view kBetween = " is earlier than ";
    OvalFact fact = facts_.Find(criterion.test);
    if (fact.kind != OvalFact::Kind::kNone) return fact;
    const std::string_view comment = criterion.comment;
    const size_t at = comment.find(kBetween);
    if (at == comment.npos) return fact;
    fact.package = comment.substr(0, at);
    fact.version = comment.substr(at + kBetween.size());
    const bool words = fact.package.find(' ') != fact.package.npos ||
                       fact.version.find(' ') != fact.version.npos;
    if (!words && !fact.version.empty()) fact.kind = OvalFact::Kind::kBefore;
    return fact;
  }

  // "After 1.19" says from where on "before 1.20" is meant, if both must hold:
  // by the package, for those that have both.
  using Bounds = absl::flat_hash_map<std::string_view, std::string_view>;
  Bounds LowerBounds(const OvalCriteria& criteria) const {
    Bounds after, both;
    if (!criteria.all || criteria.criterions.size() < 2) return both;
    for (const OvalCriterion& criterion : criteria.criterions) {
      const OvalFact fact = FactOf(criterion);
      if (fact.kind == OvalFact::Kind::kAfter) {
        after.try_emplace(fact.package, fact.version);
      }
    }
    if (after.empty()) return both;
    for (const OvalCriterion& criterion : criteria.criterions) {
      const OvalFact fact = FactOf(criterion);
      const bool upper = fact.kind == OvalFact::Kind::kBefore ||
                         fact.kind == OvalFact::Kind::kUpTo;
      const auto lower = after.find(fact.package);
      if (upper && lower != after.end()) both.insert(*lower);
    }
    return both;
  }

  void PushConditions(const OvalCriteria& criteria) {
    for (const OvalCriterion& criterion : criteria.criterions) {
      if (is_package_(FactOf(criterion), criterion.comment)) continue;
      clause_.conditions.push_back({criterion.comment});
    }
    for (const OvalCriteria& inner : criteria.inner) {
      if (!HasPackage(inner)) PushGroup(inner);
    }
  }

  // What is nested in alternatives counts as alternatives too.
  void PushGroup(const OvalCriteria& criteria) {
    if (criteria.all) return PushConditions(criteria);
    std::vector<std::string_view> group;
    Collect(criteria, group);
    clause_.conditions.push_back(std::move(group));
  }

  static void Collect(const OvalCriteria& criteria,
                      std::vector<std::string_view>& group) {
    for (const OvalCriterion& criterion : criteria.criterions) {
      group.push_back(criterion.comment);
    }
    for (const OvalCriteria& inner : criteria.inner) Collect(inner, group);
  }

  bool HasPackage(const OvalCriteria& criteria) const {
    return std::any_of(criteria.criterions.begin(), criteria.criterions.end(),
                       [&](const OvalCriterion& criterion) {
                         return is_package_(FactOf(criterion),
                                            criterion.comment);
                       }) ||
           std::any_of(
               criteria.inner.begin(), criteria.inner.end(),
               [&](const OvalCriteria& inner) { return HasPackage(inner); });
  }

  const OvalFacts& facts_;
  const IsOvalPackage is_package_;
  const absl::FunctionRef<void(const OvalClause&)> tell_;
  OvalClause clause_;
};

}  // namespace

bool IsVersionFact(const OvalFact& fact) {
  return fact.kind == OvalFact::Kind::kBefore ||
         fact.kind == OvalFact::Kind::kUpTo ||
         fact.kind == OvalFact::Kind::kAfter ||
         fact.kind == OvalFact::Kind::kInstalled;
}

void WalkOval(const OvalCriteria& criteria, const OvalFacts& facts,
              IsOvalPackage is_package,
              absl::FunctionRef<void(const OvalClause&)> tell) {
  Walk(facts, is_package, tell).Visit(criteria);
}

}  // namespace landwaiter::analyzer::advisory
