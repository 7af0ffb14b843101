#include "analyzer/advisory/csaf/statuses.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "analyzer/advisory/csaf/rpm_component.h"
#include "analyzer/advisory/json_fields.h"
#include "analyzer/advisory/rating.h"
#include "analyzer/advisory/rpm/rpm_record.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

enum class Status { kFixed, kAffected, kUnderInvestigation, kNotAffected };

std::optional<Status> StatusOf(std::string_view name) {
  static constexpr std::pair<std::string_view, Status> kNames[] = {
      {"fixed", Status::kFixed},
      {"first_fixed", Status::kFixed},
      {"recommended", Status::kFixed},
      {"known_affected", Status::kAffected},
      {"first_affected", Status::kAffected},
      {"last_affected", Status::kAffected},
      {"under_investigation", Status::kUnderInvestigation},
      {"known_not_affected", Status::kNotAffected}};
  for (const auto& [text, status] : kNames) {
    if (name == text) return status;
  }
  return std::nullopt;
}

std::string PackageKey(const Affected& entry) {
  return base::StrCat(entry.ecosystem, "\n", entry.package, "\n",
                      entry.modules.empty() ? "" : entry.modules[0]);
}

// Of the build that a fix is in.
std::string BuildKey(const Affected& entry) {
  return base::StrCat(entry.ecosystem, "\n", entry.ranges[0].back().version,
                      "\n", entry.modules.empty() ? "" : entry.modules[0]);
}

}  // namespace

CsafEntries::Remarks CsafEntries::RemarksOf(const Json& vulnerability) {
  Remarks remarks;
  for (const Json& remedy : ArrayIn(vulnerability, "remediations")) {
    const std::string category = WordIn(&remedy, "category");
    const bool fix = category == "vendor_fix";
    if (!fix && category != "no_fix_planned" && category != "none_available") {
      continue;
    }
    const std::string said = fix ? feed_.ErratumOf(WordIn(&remedy, "url"))
                                 : OneLine(WordIn(&remedy, "details"));
    for (std::string& product : TextsIn(remedy, "product_ids")) {
      Remark& remark = remarks[std::move(product)];
      (fix ? remark.erratum : remark.words) = said;
    }
  }
  for (const Json& flag : ArrayIn(vulnerability, "flags")) {
    const std::string label = WordIn(&flag, "label");
    for (std::string& product : TextsIn(flag, "product_ids")) {
      remarks[std::move(product)].flag = label;
    }
  }
  for (const Json& threat : ArrayIn(vulnerability, "threats")) {
    if (WordIn(&threat, "category") != "impact") continue;
    const model::Severity severity = RateWord(WordIn(&threat, "details"));
    worst_ = std::max(worst_, severity);
    for (std::string& product : TextsIn(threat, "product_ids")) {
      remarks[std::move(product)].severity = severity;
    }
  }
  return remarks;
}

void CsafEntries::Add(const Json& vulnerability) {
  const Remarks remarks = RemarksOf(vulnerability);
  const Json* statuses = ObjectIn(vulnerability, "product_status");
  if (statuses == nullptr) return;
  for (const auto& [status, products] : statuses->items()) {
    if (!StatusOf(status)) continue;
    for (const std::string& product : TextsIn(*statuses, status.c_str())) {
      AddProduct(status, product, remarks);
    }
  }
}

void CsafEntries::AddProduct(std::string_view status_name,
                             const std::string& product_id,
                             const Remarks& remarks) {
  const std::optional<CsafProduct> product = products_.Find(product_id);
  if (!product) return;
  const Status status = *StatusOf(status_name);
  std::string ecosystem = feed_.EcosystemOf(*product->platform);
  std::optional<RpmComponent> component = RpmComponentOf(*product);
  if (ecosystem.empty() || !component) return;
  const bool source =
      component->architecture == "src" || component->architecture == "nosrc";
  if (status == Status::kFixed && component->evr.empty()) return;
  if (entries_.size() >= AffectedList::kMax) {
    full_ = true;
    return;
  }
  const auto found = remarks.find(product_id);
  const Remark remark = found == remarks.end() ? Remark() : found->second;
  Affected entry;
  switch (status) {
    case Status::kFixed:
      entry = FixedIn(std::move(ecosystem), component->name, component->evr);
      entry.statement = remark.erratum;
      break;
    case Status::kAffected:
      entry = EveryVersion(std::move(ecosystem), component->name,
                           feed_.StandingOf(remark.words));
      entry.statement = remark.words;
      break;
    case Status::kUnderInvestigation:
      entry = EveryVersion(std::move(ecosystem), component->name,
                           Standing::kUnderInvestigation);
      break;
    case Status::kNotAffected:
      entry = EveryVersion(std::move(ecosystem), component->name,
                           Standing::kNotAffected);
      entry.statement = remark.flag;
      break;
  }
  if (source) entry.names = NameKind::kSource;
  if (!component->module.empty()) entry.modules = {component->module};
  entry.severity = remark.severity;
  if (status == Status::kFixed && !source) built_.insert(BuildKey(entry));
  const int rank = static_cast<int>(status);
  const auto [least, first] = ranks_.try_emplace(PackageKey(entry), rank);
  least->second = std::min(least->second, rank);
  entries_.push_back({std::move(entry), component->architecture, rank});
}

std::vector<Affected> CsafEntries::Take(model::Severity severity) {
  AffectedList list;
  for (Entry& entry : entries_) {
    if (entry.rank > ranks_[PackageKey(entry.affected)]) continue;
    // A fix comes in binary packages; where those are named the source is not
    // needed, and would mean all that is built of it.
    if (entry.affected.names == NameKind::kSource &&
        built_.contains(BuildKey(entry.affected))) {
      continue;
    }
    if (entry.affected.severity == severity) {
      entry.affected.severity = model::Severity::kUnknown;
    }
    list.Add(std::move(entry.affected), entry.architecture);
  }
  entries_.clear();
  return list.Take(AffectedList::Fixes::kLeast);
}

}  // namespace landwaiter::analyzer::advisory
