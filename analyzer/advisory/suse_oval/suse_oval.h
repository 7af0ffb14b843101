#ifndef LANDWAITER_ANALYZER_ADVISORY_SUSE_OVAL_SUSE_OVAL_H_
#define LANDWAITER_ANALYZER_ADVISORY_SUSE_OVAL_SUSE_OVAL_H_

#include <string>
#include <string_view>

#include "analyzer/advisory/oval/oval_feed.h"

namespace landwaiter::analyzer::advisory {

// SUSE's OVAL of SUSE Linux Enterprise, SLE Micro and openSUSE: a CVE with the
// packages that are fixed, affected and not affected ("vulnerability"), or an
// update ("patch"). Other products (SUSE Manager, Storage, Package Hub) are
// left out.
class SuseOval : public OvalFeed {
 public:
  std::string_view name() const override { return "suse-oval"; }
  std::string_view description() const override;
  std::string IdOf(const OvalDefinition& definition) const override;
  bool IsPackage(const OvalFact& fact, std::string_view comment) const override;
  void AddEntries(const OvalDefinition& definition, const OvalClause& clause,
                  std::string_view file, AffectedList& entries) const override;
};

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_SUSE_OVAL_SUSE_OVAL_H_
