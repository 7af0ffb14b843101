#ifndef LANDWAITER_ANALYZER_ADVISORY_ORACLE_OVAL_ORACLE_OVAL_H_
#define LANDWAITER_ANALYZER_ADVISORY_ORACLE_OVAL_ORACLE_OVAL_H_

#include <string>
#include <string_view>

#include "analyzer/advisory/oval/oval_feed.h"

namespace landwaiter::analyzer::advisory {

// Oracle Linux's errata (ELSA, ELBA). Builds for Ksplice and for FIPS, which
// go by the same names with versions of their own, are left out.
class OracleOval : public OvalFeed {
 public:
  std::string_view name() const override { return "oracle-oval"; }
  std::string_view description() const override;
  std::string IdOf(const OvalDefinition& definition) const override;
  void AddEntries(const OvalDefinition& definition, const OvalClause& clause,
                  std::string_view file, AffectedList& entries) const override;
};

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_ORACLE_OVAL_ORACLE_OVAL_H_
