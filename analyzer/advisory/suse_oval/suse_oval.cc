#include "analyzer/advisory/suse_oval/suse_oval.h"

#include <vector>

#include "analyzer/advisory/suse_oval/product.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

constexpr std::string_view kNotAffected = " is not affected";

}  // namespace

std::string_view SuseOval::description() const {
  return "OVAL of SUSE Linux Enterprise and openSUSE: "
         "ftp.suse.com/pub/projects/"
         "security/oval";
}

std::string SuseOval::IdOf(const OvalDefinition& definition) const {
  if (definition.kind != "vulnerability" && definition.kind != "patch") {
    return "";
  }
  return FirstWord(definition.title);
}

bool SuseOval::IsPackage(const OvalFact& fact, std::string_view comment) const {
  return IsVersionFact(fact) ||
         (!fact.package.empty() && comment.ends_with(kNotAffected));
}

void SuseOval::AddEntries(const OvalDefinition&, const OvalClause& clause,
                          std::string_view, AffectedList& entries) const {
  std::vector<std::string> ecosystems;
  for (const std::string_view product :
       OvalConditions(clause, "", " is installed")) {
    AddOnce(ecosystems, SuseEcosystem(product));
  }
  for (std::string& ecosystem : ecosystems) {
    Affected entry = OvalEntry(std::move(ecosystem), clause);
    if (clause.comment.ends_with(kNotAffected)) {
      entry.standing = Standing::kNotAffected;
    }
    entries.Add(std::move(entry), clause.fact.architecture);
  }
}

}  // namespace landwaiter::analyzer::advisory
