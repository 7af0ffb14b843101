#include "analyzer/advisory/oracle_oval/oracle_oval.h"

#include <vector>

#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {

std::string_view OracleOval::description() const {
  return "Oracle Linux's errata: linux.oracle.com/security/oval";
}

std::string OracleOval::IdOf(const OvalDefinition& definition) const {
  if (definition.kind != "patch") return "";
  for (const OvalReference& reference : definition.references) {
    if (reference.source == "elsa") return reference.id;
  }
  return FirstWord(definition.title);
}

void OracleOval::AddEntries(const OvalDefinition&, const OvalClause& clause,
                            std::string_view, AffectedList& entries) const {
  if (base::Contains(clause.fact.version, ".ksplice") ||
      base::Contains(clause.fact.version, "_fips")) {
    return;
  }
  const std::vector<std::string_view> architectures =
      OvalConditions(clause, "Oracle Linux arch is ", "");
  for (const std::string_view release :
       OvalConditions(clause, "Oracle Linux ", " is installed")) {
    Affected entry = OvalEntry(base::StrCat("Oracle Linux:", release), clause);
    for (const std::string_view module :
         OvalConditions(clause, "Module ", " is enabled")) {
      AddOnce(entry.modules, module);
    }
    entries.Add(std::move(entry),
                architectures.empty() ? "" : architectures[0]);
  }
}

}  // namespace landwaiter::analyzer::advisory
