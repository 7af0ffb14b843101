#include "core/model/severity.h"

#include <array>
#include <utility>

#include "core/base/strings.h"

namespace landwaiter::model {

std::string_view ToString(Severity severity) {
  switch (severity) {
    case Severity::kCritical:
      return "Critical";
    case Severity::kHigh:
      return "High";
    case Severity::kMedium:
      return "Medium";
    case Severity::kLow:
      return "Low";
    case Severity::kNegligible:
      return "Negligible";
    case Severity::kUnknown:
      return "Unknown";
  }
  return "Unknown";
}

Severity SeverityFromString(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, Severity>, 9> kNames{{
      {"critical", Severity::kCritical},
      {"high", Severity::kHigh},
      {"important", Severity::kHigh},
      {"medium", Severity::kMedium},
      {"moderate", Severity::kMedium},
      {"low", Severity::kLow},
      {"negligible", Severity::kNegligible},
      {"unimportant", Severity::kNegligible},
      {"none", Severity::kNegligible},
  }};
  for (const auto& [name, severity] : kNames) {
    if (base::EqualsIgnoreCase(name, text)) return severity;
  }
  return Severity::kUnknown;
}

}  // namespace landwaiter::model
