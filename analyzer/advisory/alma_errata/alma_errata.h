#ifndef LANDWAITER_ANALYZER_ADVISORY_ALMA_ERRATA_ALMA_ERRATA_H_
#define LANDWAITER_ANALYZER_ADVISORY_ALMA_ERRATA_ALMA_ERRATA_H_

#include <memory>
#include <string_view>

#include "analyzer/advisory/feed_format.h"

namespace landwaiter::analyzer::advisory {

// AlmaLinux's errata as JSON, a file a release: an array of records with what
// updateinfo.xml has ("updateinfo_id", "type", "pkglist", "references", ...).
// As there, only errata of type "security" or about a CVE are advisories.
class AlmaErrata : public FeedFormat {
 public:
  std::string_view name() const override { return "alma-errata"; }
  std::string_view description() const override;
  // Names with "errata" and ".json" in them.
  bool Reads(std::string_view name) const override;
  std::unique_ptr<FeedReader> NewReader() const override;
};

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_ALMA_ERRATA_ALMA_ERRATA_H_
