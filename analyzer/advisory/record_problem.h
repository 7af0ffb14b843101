#ifndef LANDWAITER_ANALYZER_ADVISORY_RECORD_PROBLEM_H_
#define LANDWAITER_ANALYZER_ADVISORY_RECORD_PROBLEM_H_

#include <cstdint>
#include <string_view>

namespace landwaiter::analyzer::advisory {

// Why a record of a feed was not taken.
enum class RecordProblem {
  kNone,
  kUnreadable,  // its bytes could not be had (a damaged zip entry)
  kNotJson,
  kTooLarge,  // more than kMaxRecord bytes
  kTooDeep,   // nested deeper than 64
  kNoId,      // without an id there is nothing to report
  kBadField,  // a field is not what the schema says
  kLongName,  // an ecosystem and package that no real one comes near to
};
inline constexpr uint64_t kMaxRecord = uint64_t{32} << 20;  // bytes

// "not-json", "too-large", ...
std::string_view ToString(RecordProblem problem);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_RECORD_PROBLEM_H_
