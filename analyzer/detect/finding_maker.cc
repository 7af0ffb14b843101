#include "analyzer/detect/finding_maker.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "analyzer/detect/build_steps.h"
#include "analyzer/detect/rating.h"
#include "core/base/failure.h"

namespace landwaiter::analyzer::detect {
namespace {

using advisory::Enrichment;
using advisory::Standing;
using model::Finding;
using model::FindingState;

FindingState StateOf(Standing standing) {
  switch (standing) {
    case Standing::kAffected:
    case Standing::kNotAffected:  // is no finding
      return FindingState::kAffected;
    case Standing::kUnderInvestigation:
      return FindingState::kUnderInvestigation;
    case Standing::kFixDeferred:
      return FindingState::kFixDeferred;
    case Standing::kWillNotFix:
      return FindingState::kWillNotFix;
    case Standing::kEndOfLife:
      return FindingState::kEndOfLife;
  }
  return FindingState::kAffected;
}

// Whether a shell takes the text for one word, whatever a hostile image calls
// its packages.
bool IsPlain(std::string_view text) {
  return !text.empty() && text.front() != '-' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                  (c >= 'A' && c <= 'Z') ||
                  std::string_view("._+:@/~^-").find(c) !=
                      std::string_view::npos;
         });
}

// As installed versions are written: an rpm's epoch of 0 is left out.
std::string Shown(const std::string& type, const std::string& fixed) {
  return type == "rpm" && fixed.starts_with("0:") ? fixed.substr(2) : fixed;
}

void PutSubject(const model::InstalledPackage& installed, Finding& finding) {
  const model::Package& package = installed.package;
  finding.package = package.name;
  finding.source_package = package.source_name;
  finding.type = package.type;
  finding.installed_version = package.version;
  finding.path = installed.path;
  finding.location = package.location;
  finding.declared = package.declared;
  finding.development = package.development;
  finding.layer = installed.layer;
}

}  // namespace

FindingMaker::FindingMaker(const model::Inventory& inventory,
                           const advisory::AdvisoryStore& store)
    : store_(store), fixing_(inventory), steps_(BuildSteps(inventory)) {}

absl::StatusOr<const Enrichment*> FindingMaker::Known(const std::string& cve) {
  auto it = known_.find(cve);
  if (it == known_.end()) {
    LANDWAITER_ASSIGN_OR_RETURN(std::optional<Enrichment> found,
                                store_.Enrich(cve));
    it = known_
             .emplace(cve, found ? std::make_unique<const Enrichment>(
                                       *std::move(found))
                                 : nullptr)
             .first;
  }
  return it->second.get();
}

void FindingMaker::Rank(const Flaw& flaw, const Enrichment* known,
                        Finding& finding) const {
  Rating rating = Rate(flaw.severity, *flaw.rated, known);
  finding.severity = rating.severity;
  finding.severity_source = std::move(rating.source);
  Urgency urgency{.severity = finding.severity,
                  .malicious = flaw.details->malicious,
                  .fixable = !finding.fixed_version.empty()};
  if (known != nullptr && known->exploited) {
    finding.exploited = urgency.exploited = true;
    urgency.ransomware = known->exploited->ransomware;
  }
  if (known != nullptr && known->epss) {
    finding.epss = urgency.epss = known->epss->score;
  }
  finding.priority = PriorityOf(urgency);
}

void FindingMaker::Fix(const model::Package& package, CommandFor command,
                       Finding& finding) const {
  const std::string& fixed = finding.fixed_version;
  if (fixed.empty()) return;
  finding.impact = fixing_.Impact(package, fixed);
  if (IsPlain(package.name) && IsPlain(fixed)) {
    finding.fix_command = fixing_.Adapted(command(fixed));
  }
}

absl::StatusOr<std::optional<Finding>> FindingMaker::Make(
    const model::InstalledPackage& installed, model::Category category,
    const Flaw& flaw, CommandFor command) {
  LANDWAITER_ASSIGN_OR_RETURN(const Enrichment* known, Known(flaw.id));
  if (known != nullptr && known->rejected) return std::nullopt;
  Finding finding;
  finding.id = flaw.id;
  finding.category = category;
  finding.advisory = flaw.details->id;
  finding.aliases = flaw.aliases;
  PutSubject(installed, finding);
  finding.state = StateOf(flaw.standing);
  finding.statement = flaw.statement;
  finding.summary = flaw.details->summary;
  if (finding.summary.empty() && known != nullptr) {
    finding.summary = known->summary;
  }
  finding.fixed_version = Shown(finding.type, flaw.fixed);
  finding.feed = flaw.details->feed;
  finding.range = flaw.range;
  finding.database = store_.version();
  if (const auto step = steps_.find(installed.layer); step != steps_.end()) {
    finding.instruction = step->second;
  }
  Rank(flaw, known, finding);
  Fix(installed.package, command, finding);
  return finding;
}

}  // namespace landwaiter::analyzer::detect
