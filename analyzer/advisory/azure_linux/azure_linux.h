#ifndef LANDWAITER_ANALYZER_ADVISORY_AZURE_LINUX_AZURE_LINUX_H_
#define LANDWAITER_ANALYZER_ADVISORY_AZURE_LINUX_AZURE_LINUX_H_

#include <string>
#include <string_view>

#include "analyzer/advisory/oval/oval_feed.h"

namespace landwaiter::analyzer::advisory {

// Azure Linux and, as it was called up to 2.0, CBL-Mariner: one package of one
// CVE each, by source packages. The ids are those of OSV ("AZL-39708").
class AzureLinuxOval : public OvalFeed {
 public:
  std::string_view name() const override { return "azure-linux-oval"; }
  std::string_view description() const override;
  std::string IdOf(const OvalDefinition& definition) const override;
  void AddEntries(const OvalDefinition& definition, const OvalClause& clause,
                  std::string_view file, AffectedList& entries) const override;
};

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_AZURE_LINUX_AZURE_LINUX_H_
