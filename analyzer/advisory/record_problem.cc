#include "analyzer/advisory/record_problem.h"

namespace landwaiter::analyzer::advisory {

std::string_view ToString(RecordProblem problem) {
  switch (problem) {
    case RecordProblem::kNone:
      return "none";
    case RecordProblem::kUnreadable:
      return "unreadable";
    case RecordProblem::kNotJson:
      return "not-json";
    case RecordProblem::kTooLarge:
      return "too-large";
    case RecordProblem::kTooDeep:
      return "too-deep";
    case RecordProblem::kNoId:
      return "no-id";
    case RecordProblem::kBadField:
      return "bad-field";
    case RecordProblem::kLongName:
      return "long-name";
  }
  return "none";
}

}  // namespace landwaiter::analyzer::advisory
