#ifndef LANDWAITER_ANALYZER_ADVISORY_PHOTON_PHOTON_H_
#define LANDWAITER_ANALYZER_ADVISORY_PHOTON_PHOTON_H_

#include <memory>
#include <string>
#include <string_view>

#include "analyzer/advisory/feed_format.h"
#include "analyzer/advisory/oval/oval_feed.h"

namespace landwaiter::analyzer::advisory {

// Photon OS's advisories (PHSA) as OVAL, by binary packages. It ended with
// Photon 3.
class PhotonOval : public OvalFeed {
 public:
  std::string_view name() const override { return "photon-oval"; }
  std::string_view description() const override;
  std::string IdOf(const OvalDefinition& definition) const override;
  void AddEntries(const OvalDefinition& definition, const OvalClause& clause,
                  std::string_view file, AffectedList& entries) const override;
};

// Photon OS's CVE data, a file a release: cve_data_photon4.0.json, an array of
// {"cve_id", "pkg", "cve_score", "aff_ver", "res_ver", "status"}. `pkg` is most
// often a source package, sometimes a binary one: it is taken as both.
class PhotonCve : public FeedFormat {
 public:
  std::string_view name() const override { return "photon-cve"; }
  std::string_view description() const override;
  bool Reads(std::string_view name) const override;
  std::unique_ptr<FeedReader> NewReader() const override;
};

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_PHOTON_PHOTON_H_
