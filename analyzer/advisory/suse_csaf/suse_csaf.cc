#include "analyzer/advisory/suse_csaf/suse_csaf.h"

#include "analyzer/advisory/suse_oval/product.h"

namespace landwaiter::analyzer::advisory {

std::string_view SuseCsaf::description() const {
  return "SUSE's CSAF: ftp.suse.com/pub/projects/security/csaf and csaf-vex";
}

std::string SuseCsaf::EcosystemOf(const CsafLeaf& platform) const {
  return SuseEcosystem(platform.name);
}

// It tells no plans.
Standing SuseCsaf::StandingOf(std::string_view) const {
  return Standing::kAffected;
}

std::string SuseCsaf::ErratumOf(std::string_view) const { return ""; }

}  // namespace landwaiter::analyzer::advisory
