#include "analyzer/advisory/redhat_csaf/red_hat.h"

#include <utility>

#include "analyzer/advisory/ecosystem.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

constexpr std::string_view kRedHat = "Red Hat:";

}  // namespace

Standing RedHatStanding(std::string_view state) {
  static constexpr std::pair<std::string_view, Standing> kStates[] = {
      {"Fix deferred", Standing::kFixDeferred},
      {"Will not fix", Standing::kWillNotFix},
      {"Out of support scope", Standing::kEndOfLife},
      {"Under investigation", Standing::kUnderInvestigation},
      {"Not affected", Standing::kNotAffected}};
  for (const auto& [text, standing] : kStates) {
    if (state == text) return standing;
  }
  return Standing::kAffected;
}

std::string RedHatEcosystem(std::string_view cpe) {
  for (const std::string_view vendor :
       {"cpe:/a:redhat:", "cpe:/o:redhat:", "cpe:/h:redhat:"}) {
    if (!cpe.starts_with(vendor)) continue;
    return CanonicalEcosystem(base::StrCat(kRedHat, cpe.substr(vendor.size())));
  }
  return "";
}

bool IsMainRelease(std::string_view ecosystem) {
  return ecosystem.starts_with(kRedHat) &&
         ecosystem.find(':', kRedHat.size()) == ecosystem.npos;
}

}  // namespace landwaiter::analyzer::advisory
