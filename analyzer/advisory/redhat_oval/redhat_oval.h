#ifndef LANDWAITER_ANALYZER_ADVISORY_REDHAT_OVAL_REDHAT_OVAL_H_
#define LANDWAITER_ANALYZER_ADVISORY_REDHAT_OVAL_REDHAT_OVAL_H_

#include <string>
#include <string_view>

#include "analyzer/advisory/oval/oval_feed.h"

namespace landwaiter::analyzer::advisory {

// Red Hat's OVAL v2: RHSA (and those RHBA and RHEA that fix a CVE) as
// "patch"; in the files "including unpatched" also a CVE's packages without a
// fix, with what Red Hat means to do, and those that are not affected. By the
// products of the definition they are under "Red Hat:8" or, if it is of none
// of the main releases, "Red Hat:rhel_eus:8.6".
class RedHatOval : public OvalFeed {
 public:
  std::string_view name() const override { return "redhat-oval"; }
  std::string_view description() const override;
  std::string IdOf(const OvalDefinition& definition) const override;
  void AddEntries(const OvalDefinition& definition, const OvalClause& clause,
                  std::string_view file, AffectedList& entries) const override;
};

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_REDHAT_OVAL_REDHAT_OVAL_H_
