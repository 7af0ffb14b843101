#include "core/model/finding.h"

namespace landwaiter::model {

std::string_view ToString(FindingState state) {
  switch (state) {
    case FindingState::kAffected:
      return "Affected";
    case FindingState::kUnderInvestigation:
      return "UnderInvestigation";
    case FindingState::kFixDeferred:
      return "FixDeferred";
    case FindingState::kWillNotFix:
      return "WillNotFix";
    case FindingState::kEndOfLife:
      return "EndOfLife";
  }
  return "Affected";
}

}  // namespace landwaiter::model
