#include "analyzer/advisory/photon/photon.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {

std::string_view PhotonOval::description() const {
  return "Photon OS's OVAL: packages.vmware.com/photon/photon_oval_definitions";
}

std::string PhotonOval::IdOf(const OvalDefinition& definition) const {
  return definition.kind == "patch" ? FirstWord(definition.title) : "";
}

void PhotonOval::AddEntries(const OvalDefinition&, const OvalClause& clause,
                            std::string_view, AffectedList& entries) const {
  for (const std::string_view release :
       OvalConditions(clause, "Photon OS ", " is installed")) {
    entries.Add(
        OvalEntry(base::StrCat("Photon OS:", release,
                               base::Contains(release, ".") ? "" : ".0"),
                  clause));
  }
}

}  // namespace landwaiter::analyzer::advisory
