#include "analyzer/advisory/redhat_csaf/redhat_csaf.h"

#include "analyzer/advisory/redhat_csaf/red_hat.h"

namespace landwaiter::analyzer::advisory {

std::string_view RedHatCsaf::description() const {
  return "Red Hat's CSAF VEX: security.access.redhat.com/data/csaf/v2/vex";
}

std::string RedHatCsaf::EcosystemOf(const CsafLeaf& platform) const {
  return RedHatEcosystem(platform.cpe);
}

Standing RedHatCsaf::StandingOf(std::string_view words) const {
  return RedHatStanding(words);
}

std::string RedHatCsaf::ErratumOf(std::string_view url) const {
  const std::string_view id = url.substr(url.rfind('/') + 1);
  return id.starts_with("RH") ? std::string(id) : "";
}

}  // namespace landwaiter::analyzer::advisory
