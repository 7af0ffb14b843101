#ifndef LANDWAITER_ANALYZER_ADVISORY_REDHAT_CSAF_REDHAT_CSAF_H_
#define LANDWAITER_ANALYZER_ADVISORY_REDHAT_CSAF_REDHAT_CSAF_H_

#include <string>
#include <string_view>

#include "analyzer/advisory/csaf/csaf_feed.h"

namespace landwaiter::analyzer::advisory {

// Red Hat's CSAF documents: VEX, a CVE a file, with every product that has or
// had the flaw, those without a fix and those that are not affected too; its
// security advisories (RHSA) are read as well. Packages of products of their
// own (OpenShift, Satellite) are under those ("Red Hat:openshift:4.16"),
// container images are left out.
class RedHatCsaf : public CsafFeed {
 public:
  std::string_view name() const override { return "redhat-csaf-vex"; }
  std::string_view description() const override;
  std::string EcosystemOf(const CsafLeaf& platform) const override;
  Standing StandingOf(std::string_view words) const override;
  std::string ErratumOf(std::string_view url) const override;
};

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_REDHAT_CSAF_REDHAT_CSAF_H_
