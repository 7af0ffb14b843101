#include "analyzer/detect/detect.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "analyzer/advisory/ecosystem.h"
#include "analyzer/detect/catalog.h"
#include "analyzer/detect/end_of_life.h"
#include "analyzer/detect/finding_maker.h"
#include "analyzer/detect/judge.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::detect {
namespace {

using advisory::AdvisoryStore;
using advisory::AffectedView;
using advisory::Details;
using model::Finding;
using model::InstalledPackage;

// A record about one CVE knows more of it than a bulletin about several.
int RankOfSystem(const Details& details) {
  return base::Contains(details.id, "CVE-") ? 0 : 1;
}

// An erratum that mends or adds something and is about no CVE: no
// vulnerability.
bool IsNoFlaw(const Flaw& flaw) {
  static constexpr std::string_view kPrefixes[] = {
      "ALBA-", "ALEA-", "RHBA-", "RHEA-", "RLBA-", "RLEA-", "ELBA-", "ELEA-"};
  return std::any_of(
      std::begin(kPrefixes), std::end(kPrefixes),
      [&](std::string_view prefix) { return flaw.id.starts_with(prefix); });
}

// The names by which a distribution's advisories may know a package.
std::vector<KnownName> NamesOf(const Distribution& distribution,
                               const model::Package& package) {
  const Subject usual = distribution.SubjectOf(package);
  const bool binary_is_usual = usual.name == package.name;
  if (distribution.WithoutCode(package)) {
    return {{package.name, package.version, binary_is_usual, true, false}};
  }
  std::vector<KnownName> names = {
      {usual.name, usual.version, true, false, false}};
  const auto add = [&](std::string_view name, std::string_view version,
                       bool KnownName::* kind) {
    if (name.empty()) return;
    for (KnownName& known : names) {
      if (known.name == name && known.version == version) {
        known.*kind = true;
        return;
      }
    }
    names.push_back({name, version, false, false, false});
    names.back().*kind = true;
  };
  add(package.name, package.version, &KnownName::binary);
  add(package.source_name.empty() ? package.name : package.source_name,
      package.source_version.empty() ? package.version : package.source_version,
      &KnownName::source);
  return names;
}

class Detection {
 public:
  Detection(const model::Inventory& inventory, const AdvisoryStore& store)
      : inventory_(inventory),
        store_(store),
        judge_(store),
        maker_(inventory, store) {}

  absl::StatusOr<DetectionResult> Run() {
    LANDWAITER_RETURN_IF_ERROR(RunSystem());
    LANDWAITER_RETURN_IF_ERROR(RunApplications());
    SortFindings();
    JoinFixes();
    return std::move(result_);
  }

 private:
  absl::Status RunSystem();
  absl::Status MatchSystem(const Target& target,
                           const InstalledPackage& installed);
  absl::Status RunApplications();
  absl::Status MatchApplication(const Ecosystem& ecosystem,
                                const InstalledPackage& installed);
  absl::Status AddFindings(const InstalledPackage& installed,
                           model::Category category, const Question& question,
                           FindingMaker::CommandFor command);
  void SortFindings();
  void JoinFixes();
  bool FixedEarlier(const Finding& a, const Finding& b) const;

  const model::Inventory& inventory_;
  const AdvisoryStore& store_;
  Judge judge_;
  FindingMaker maker_;
  const Distribution* distribution_ = nullptr;
  DetectionResult result_;
};

absl::Status Detection::AddFindings(const InstalledPackage& installed,
                                    model::Category category,
                                    const Question& question,
                                    FindingMaker::CommandFor command) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::vector<Flaw> flaws,
                              judge_.FlawsOf(question));
  for (const Flaw& flaw : flaws) {
    if (IsNoFlaw(flaw)) continue;
    LANDWAITER_ASSIGN_OR_RETURN(
        std::optional<Finding> finding,
        maker_.Make(installed, category, flaw, command));
    if (finding) result_.findings.push_back(*std::move(finding));
  }
  return absl::OkStatus();
}

absl::Status Detection::MatchSystem(const Target& target,
                                    const InstalledPackage& installed) {
  const Distribution& distribution = *distribution_;
  const model::Package& package = installed.package;
  const std::vector<KnownName> names = NamesOf(distribution, package);
  const auto compare = [&](std::string_view a, std::string_view b) {
    return distribution.Compare(a, b);
  };
  const auto concerns = [&](const AffectedView& entry) {
    return distribution.Concerns(package, entry);
  };
  return AddFindings(installed, model::Category::kSystem,
                     {.keys = target.keys,
                      .names = names,
                      .compare = compare,
                      .concerns = concerns,
                      .rank = RankOfSystem},
                     [&](std::string_view fixed) {
                       return distribution.FixCommand(inventory_.os, package,
                                                      fixed);
                     });
}

absl::Status Detection::MatchApplication(const Ecosystem& ecosystem,
                                         const InstalledPackage& installed) {
  const model::Package& package = installed.package;
  const std::string name =
      advisory::CanonicalPackage(ecosystem.name(), ecosystem.NameOf(package));
  const std::string version = ecosystem.VersionOf(package);
  if (name.empty() || version.empty()) return absl::OkStatus();
  const std::string keys[] = {std::string(ecosystem.name())};
  const KnownName names[] = {{name, version, true, true, true}};
  const auto compare = [&](std::string_view a, std::string_view b) {
    return ecosystem.Compare(a, b);
  };
  const auto rank = [&](const Details& details) {
    if (details.id.starts_with(ecosystem.authority())) return 0;
    return details.id.starts_with("GHSA-") ? 1 : 2;
  };
  return AddFindings(installed, model::Category::kApplication,
                     {.keys = keys,
                      .names = names,
                      .compare = compare,
                      .concerns = [](const AffectedView&) { return true; },
                      .rank = rank,
                      .greatest_fix = false},
                     [&](std::string_view fixed) {
                       return ecosystem.FixCommand(package, fixed);
                     });
}

// Records for all releases of a distribution (keys without a suffix) do not
// mean that anyone looks after this release.
absl::StatusOr<bool> CoversRelease(const AdvisoryStore& store,
                                   const Target& target) {
  const bool rolling = !base::Contains(target.ecosystem, ":");
  for (const std::string& key : target.keys) {
    if (!rolling && !base::Contains(key, ":")) continue;
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

absl::Status Detection::RunSystem() {
  result_.ecosystem = UnknownSystem(inventory_.os);
  result_.no_advisory_data = true;
  for (const Distribution* distribution : AllDistributions()) {
    const std::optional<Target> target = distribution->TargetOf(inventory_);
    if (!target) continue;
    distribution_ = distribution;
    result_.ecosystem = target->ecosystem;
    result_.end_of_life = std::string(EndOfLife(target->ecosystem));
    LANDWAITER_ASSIGN_OR_RETURN(const bool covered,
                                CoversRelease(store_, *target));
    result_.no_advisory_data = !covered;
    if (!covered) return absl::OkStatus();
    for (const InstalledPackage& installed : inventory_.packages) {
      if (installed.package.type != distribution->package_type()) continue;
      LANDWAITER_RETURN_IF_ERROR(MatchSystem(*target, installed));
    }
    return absl::OkStatus();
  }
  return absl::OkStatus();
}

bool IsSystemType(std::string_view type) {
  for (const Distribution* distribution : AllDistributions()) {
    if (distribution->package_type() == type) return true;
  }
  return type == "alpm" || type == "opkg";
}

// Those whose packages are of the type; of the products that no package
// manager installed there are two. They have one order for what both know.
std::vector<const Ecosystem*> EcosystemsOf(std::string_view type) {
  std::vector<const Ecosystem*> ecosystems;
  for (const Ecosystem* ecosystem : AllEcosystems()) {
    if (ecosystem->package_type() == type) ecosystems.push_back(ecosystem);
  }
  return ecosystems;
}

absl::Status Detection::RunApplications() {
  struct Seen {
    EcosystemResult result;
    std::vector<const Ecosystem*> covered;  // that there are advisories for
  };
  std::map<std::string_view, Seen> seen;  // by type
  bool system_packages = false, covered = false;
  for (const InstalledPackage& installed : inventory_.packages) {
    const std::string& type = installed.package.type;
    if (IsSystemType(type)) {
      system_packages = true;
      continue;
    }
    // What the system's package manager brought has the system's advisories.
    if (installed.owned) continue;
    auto [it, added] = seen.try_emplace(type);
    auto& [result, ecosystems] = it->second;
    if (added) {
      const auto all = EcosystemsOf(type);
      for (const Ecosystem* ecosystem : all) {
        LANDWAITER_ASSIGN_OR_RETURN(const bool known,
                                    store_.Covers(ecosystem->name()));
        if (known) ecosystems.push_back(ecosystem);
      }
      const auto& named = ecosystems.empty() ? all : ecosystems;
      result.name = named.empty() ? type : named.front()->name();
      result.no_advisory_data = ecosystems.empty();
      covered = covered || !ecosystems.empty();
    }
    ++result.packages;
    for (const Ecosystem* ecosystem : ecosystems) {
      LANDWAITER_RETURN_IF_ERROR(MatchApplication(*ecosystem, installed));
    }
  }
  for (auto& [type, of_type] : seen) {
    result_.applications.push_back(std::move(of_type.result));
  }
  std::sort(result_.applications.begin(), result_.applications.end(),
            [](const EcosystemResult& a, const EcosystemResult& b) {
              return a.name < b.name;
            });
  // There is no system to have advisories for.
  if (inventory_.os.empty() && !system_packages && covered) {
    result_.no_advisory_data = false;
  }
  return absl::OkStatus();
}

void Detection::SortFindings() {
  std::vector<Finding>& findings = result_.findings;
  const auto key = [](const Finding& f) {
    return std::tie(f.package, f.id, f.path, f.installed_version, f.type);
  };
  const auto rest = [](const Finding& f) {
    return std::tie(f.advisory, f.location, f.layer);
  };
  std::sort(findings.begin(), findings.end(),
            [&](const Finding& a, const Finding& b) {
              if (key(a) != key(b)) return key(a) < key(b);
              if (a.fixed_version != b.fixed_version) {
                return a.fixed_version > b.fixed_version;
              }
              return rest(a) < rest(b);
            });
  // Two architectures of a package are one finding, and two copies of one in
  // an archive.
  findings.erase(std::unique(findings.begin(), findings.end(),
                             [&](const Finding& a, const Finding& b) {
                               return key(a) == key(b);
                             }),
                 findings.end());
}

bool Detection::FixedEarlier(const Finding& a, const Finding& b) const {
  if (a.category == model::Category::kSystem) {
    return distribution_->Compare(a.fixed_version, b.fixed_version) < 0;
  }
  const std::vector<const Ecosystem*> ecosystems = EcosystemsOf(a.type);
  return !ecosystems.empty() &&
         ecosystems.front()->Compare(a.fixed_version, b.fixed_version) < 0;
}

void Detection::JoinFixes() {
  std::vector<const Finding*> fixable;
  for (const Finding& finding : result_.findings) {
    if (!finding.fix_command.empty()) fixable.push_back(&finding);
  }
  std::sort(fixable.begin(), fixable.end(),
            [&](const Finding* a, const Finding* b) {
              const auto key = [](const Finding& f) {
                return std::tie(f.type, f.package, f.path);
              };
              if (key(*a) != key(*b)) return key(*a) < key(*b);
              if (FixedEarlier(*a, *b)) return true;
              if (FixedEarlier(*b, *a)) return false;
              return a->fixed_version < b->fixed_version;
            });
  result_.fix_commands = JoinCommands(fixable);
}

}  // namespace

absl::StatusOr<DetectionResult> DetectVulnerabilities(
    const model::Inventory& inventory, const AdvisoryStore& store) {
  return Detection(inventory, store).Run();
}

}  // namespace landwaiter::analyzer::detect
