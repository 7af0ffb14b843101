#include "analyzer/advisory/redhat_csaf/standing.h"

#include <utility>

namespace landwaiter::analyzer::advisory {

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

}  // namespace landwaiter::analyzer::advisory
