#include "analyzer/detect/detect.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "analyzer/detect/catalog.h"
#include "analyzer/detect/range.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::detect {
namespace {

using advisory::AdvisoryStore;
using advisory::AffectedView;
using advisory::Details;
using model::Finding;
using model::InstalledPackage;

// What one advisory says of one package, over all its entries.
struct Hit {
  bool affected = false;
  size_t key = 0;  // which of the target's keys decided
  std::string fixed;
  model::Severity severity = model::Severity::kUnknown;
};

class Detection {
 public:
  Detection(const Distribution& distribution, const Target& target,
            const model::OsRelease& os, const AdvisoryStore& store)
      : distribution_(distribution), target_(target), os_(os), store_(store) {}

  absl::Status Match(const InstalledPackage& installed) {
    if (installed.package.type != distribution_.package_type()) {
      return absl::OkStatus();
    }
    LANDWAITER_ASSIGN_OR_RETURN(const auto hits, HitsOf(installed.package));
    for (const auto& [advisory, hit] : hits) {
      if (!hit.affected) continue;
      LANDWAITER_ASSIGN_OR_RETURN(const Details* details, Find(advisory));
      findings_.push_back(MakeFinding(installed, *details, hit));
    }
    return absl::OkStatus();
  }

  std::vector<Finding> TakeFindings() {
    const auto key = [](const Finding& f) {
      return std::tie(f.package, f.advisory, f.path, f.installed_version);
    };
    const auto all = [&](const Finding& f) {
      return std::tuple_cat(key(f), std::tie(f.fixed_version, f.severity));
    };
    std::sort(
        findings_.begin(), findings_.end(),
        [&](const Finding& a, const Finding& b) { return all(a) < all(b); });
    // Two architectures of a package are one finding; so is an advisory that
    // two feeds hold, of which the one with a fix (sorted last) is kept.
    const auto kept = std::unique(
        findings_.rbegin(), findings_.rend(),
        [&](const Finding& a, const Finding& b) { return key(a) == key(b); });
    findings_.erase(findings_.begin(), kept.base());
    return std::move(findings_);
  }

 private:
  using Hits = std::map<uint32_t, Hit>;  // by advisory

  absl::StatusOr<Hits> HitsOf(const model::Package& package) const {
    Hits hits;
    const Subject subject = distribution_.SubjectOf(package);
    for (size_t key = 0; key < target_.keys.size(); ++key) {
      LANDWAITER_RETURN_IF_ERROR(store_.ForEach(
          target_.keys[key], subject.name, [&](const AffectedView& entry) {
            if (distribution_.Concerns(package, entry)) {
              AddHit(entry, subject.version, key, hits);
            }
          }));
    }
    return hits;
  }

  void AddHit(const AffectedView& entry, std::string_view version, size_t key,
              Hits& hits) const {
    const auto compare = [&](std::string_view a, std::string_view b) {
      return distribution_.Compare(a, b);
    };
    const auto [it, added] = hits.try_emplace(entry.advisory);
    Hit& hit = it->second;
    if (added) hit.key = key;
    if (hit.key != key) return;
    const Verdict verdict = Evaluate(entry, version, compare);
    if (!verdict.affected) return;
    hit.affected = true;
    hit.severity = std::max(hit.severity, entry.severity);
    const bool earlier =
        !verdict.fixed.empty() &&
        (hit.fixed.empty() || compare(verdict.fixed, hit.fixed) < 0);
    if (earlier) hit.fixed = verdict.fixed;
  }

  absl::StatusOr<const Details*> Find(uint32_t advisory) {
    auto it = details_.find(advisory);
    if (it == details_.end()) {
      LANDWAITER_ASSIGN_OR_RETURN(Details details, store_.Find(advisory));
      it = details_.emplace(advisory, std::move(details)).first;
    }
    return &it->second;
  }

  Finding MakeFinding(const InstalledPackage& installed, const Details& details,
                      const Hit& hit) const {
    const model::Package& package = installed.package;
    Finding finding;
    const bool has_cve =
        !details.aliases.empty() && details.aliases[0].starts_with("CVE-");
    finding.id = has_cve ? details.aliases[0] : details.id;
    finding.advisory = details.id;
    finding.aliases = details.aliases;
    finding.package = package.name;
    finding.source_package = package.source_name;
    finding.installed_version = package.version;
    finding.fixed_version = hit.fixed;
    finding.severity = hit.severity == model::Severity::kUnknown
                           ? details.severity
                           : hit.severity;
    finding.type = package.type;
    finding.path = installed.path;
    finding.layer = installed.layer;
    if (!hit.fixed.empty()) {
      finding.fix_command = distribution_.FixCommand(os_, package, hit.fixed);
    }
    finding.summary = details.summary;
    return finding;
  }

  const Distribution& distribution_;
  const Target& target_;
  const model::OsRelease& os_;
  const AdvisoryStore& store_;
  absl::flat_hash_map<uint32_t, Details> details_;
  std::vector<Finding> findings_;
};

// Records for all releases of a distribution (keys without a suffix) do not
// mean that anyone looks after this release.
absl::StatusOr<bool> CoversRelease(const AdvisoryStore& store,
                                   const Target& target) {
  for (const std::string& key : target.keys) {
    if (!base::Contains(key, ":")) continue;
    LANDWAITER_ASSIGN_OR_RETURN(const bool covered, store.Covers(key));
    if (covered) return true;
  }
  return false;
}

// For people: there is no ecosystem of such a name.
std::string UnknownSystem(const model::OsRelease& os) {
  const std::string& release =
      os.version_id.empty() ? os.codename : os.version_id;
  return base::StrCat(os.id, release.empty() ? "" : " ", release);
}

}  // namespace

absl::StatusOr<DetectionResult> DetectVulnerabilities(
    const model::Inventory& inventory, const AdvisoryStore& store) {
  DetectionResult result;
  for (const Distribution* distribution : AllDistributions()) {
    const std::optional<Target> target = distribution->TargetOf(inventory);
    if (!target) continue;
    result.ecosystem = target->ecosystem;
    LANDWAITER_ASSIGN_OR_RETURN(const bool covered,
                                CoversRelease(store, *target));
    result.no_advisory_data = !covered;
    if (!covered) return result;
    Detection detection(*distribution, *target, inventory.os, store);
    for (const InstalledPackage& installed : inventory.packages) {
      LANDWAITER_RETURN_IF_ERROR(detection.Match(installed));
    }
    result.findings = detection.TakeFindings();
    return result;
  }
  result.ecosystem = UnknownSystem(inventory.os);
  result.no_advisory_data = true;
  return result;
}

}  // namespace landwaiter::analyzer::detect
