#ifndef LANDWAITER_ANALYZER_ADVISORY_SUSE_CSAF_SUSE_CSAF_H_
#define LANDWAITER_ANALYZER_ADVISORY_SUSE_CSAF_SUSE_CSAF_H_

#include <string>
#include <string_view>

#include "analyzer/advisory/csaf/csaf_feed.h"

namespace landwaiter::analyzer::advisory {

// SUSE's CSAF documents: updates (SUSE-SU, openSUSE-SU) and VEX, for the
// products that suse_oval/product.h names.
class SuseCsaf : public CsafFeed {
 public:
  std::string_view name() const override { return "suse-csaf"; }
  std::string_view description() const override;
  std::string EcosystemOf(const CsafLeaf& platform) const override;
  Standing StandingOf(std::string_view words) const override;
  std::string ErratumOf(std::string_view url) const override;
};

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_SUSE_CSAF_SUSE_CSAF_H_
