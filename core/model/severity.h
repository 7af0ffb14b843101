#ifndef LANDWAITER_CORE_MODEL_SEVERITY_H_
#define LANDWAITER_CORE_MODEL_SEVERITY_H_

#include <string_view>

namespace landwaiter::model {

// Ordered: a greater value is worse. kUnknown: nobody has rated it.
enum class Severity { kUnknown, kNegligible, kLow, kMedium, kHigh, kCritical };

// "Critical", "High", "Medium", "Low", "Negligible", "Unknown".
std::string_view ToString(Severity severity);
// Reads those names and the synonyms of the feeds ("important", "moderate",
// "unimportant", ...), in any case; kUnknown for anything else.
Severity SeverityFromString(std::string_view text);

}  // namespace landwaiter::model

#endif  // LANDWAITER_CORE_MODEL_SEVERITY_H_
