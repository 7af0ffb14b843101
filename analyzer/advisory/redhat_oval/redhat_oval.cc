#include "analyzer/advisory/redhat_oval/redhat_oval.h"

#include <algorithm>
#include <vector>

#include "analyzer/advisory/redhat_csaf/red_hat.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

// Where the definition belongs to. The main release stands for the products
// beside it; that the criteria say which it is counts where products do not.
std::vector<std::string> EcosystemsOf(const OvalDefinition& definition,
                                      const OvalClause& clause) {
  std::vector<std::string> releases, all, main;
  for (const std::string_view number :
       OvalConditions(clause, "Red Hat Enterprise Linux ", " is installed")) {
    AddOnce(releases, base::StrCat("Red Hat:", number));
  }
  for (const std::string& cpe : definition.cpes) {
    const std::string ecosystem = RedHatEcosystem(cpe);
    AddOnce(all, ecosystem);
    if (IsMainRelease(ecosystem)) AddOnce(main, ecosystem);
  }
  if (all.empty()) return releases;
  if (main.empty()) return all;
  if (releases.empty()) return main;
  std::erase_if(main, [&](const std::string& ecosystem) {
    return std::find(releases.begin(), releases.end(), ecosystem) ==
           releases.end();
  });
  return main;
}

// A component is a package, or one of a module: "nodejs:14/nodejs".
bool Names(std::string_view component, std::string_view package) {
  const size_t slash = component.rfind('/');
  return component.substr(slash == component.npos ? 0 : slash + 1) == package;
}

const OvalResolution* ResolutionOf(const OvalDefinition& definition,
                                   std::string_view package) {
  for (const OvalResolution& resolution : definition.resolutions) {
    for (const std::string& component : resolution.components) {
      if (Names(component, package)) return &resolution;
    }
  }
  return definition.resolutions.size() == 1 ? &definition.resolutions[0]
                                            : nullptr;
}

}  // namespace

std::string_view RedHatOval::description() const {
  return "Red Hat's OVAL v2: security.access.redhat.com/data/oval/v2";
}

std::string RedHatOval::IdOf(const OvalDefinition& definition) const {
  const OvalReference* erratum = nullptr;
  const OvalReference* cve = nullptr;
  for (const OvalReference& reference : definition.references) {
    const OvalReference*& first = reference.source == "CVE" ? cve : erratum;
    if (first == nullptr) first = &reference;
  }
  if (definition.kind == "vulnerability") return cve == nullptr ? "" : cve->id;
  if (definition.kind != "patch" || erratum == nullptr) return "";
  const bool security = cve != nullptr || erratum->id.starts_with("RHSA-");
  return security ? erratum->id : "";
}

void RedHatOval::AddEntries(const OvalDefinition& definition,
                            const OvalClause& clause, std::string_view,
                            AffectedList& entries) const {
  for (std::string& ecosystem : EcosystemsOf(definition, clause)) {
    Affected entry = OvalEntry(std::move(ecosystem), clause);
    for (const std::string_view module :
         OvalConditions(clause, "Module ", " is enabled")) {
      AddOnce(entry.modules, module);
    }
    if (base::Contains(definition.id, ".unaffected:")) {
      entry.standing = Standing::kNotAffected;
    } else if (const OvalResolution* resolution =
                   ResolutionOf(definition, clause.fact.package)) {
      entry.standing = RedHatStanding(resolution->state);
      entry.statement = resolution->state;
    }
    entries.Add(std::move(entry), clause.fact.architecture);
  }
}

}  // namespace landwaiter::analyzer::advisory
