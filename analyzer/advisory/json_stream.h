#ifndef LANDWAITER_ANALYZER_ADVISORY_JSON_STREAM_H_
#define LANDWAITER_ANALYZER_ADVISORY_JSON_STREAM_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "analyzer/advisory/feed_format.h"
#include "nlohmann/json_fwd.hpp"

namespace landwaiter::analyzer::advisory {

// Keys from a document's root down to a value; "*" is any key, and any item of
// a list.
using JsonPath = std::vector<std::string_view>;

// A value at one of the wanted paths.
struct JsonItem {
  size_t wanted = 0;              // which path it is at
  std::vector<std::string> keys;  // as they are; of a list's item "*"
  // Why there is no value: kTooLarge or kTooDeep, as a record.
  RecordProblem problem = RecordProblem::kNone;
  nlohmann::json* value = nullptr;  // null with a problem; yours to move from

  // "linux/CVE-2024-1", for messages.
  std::string Where(const FeedFile& file) const;
};

// Reads a JSON file of any size and shows the values at the wanted paths, none
// of which is inside of another, in the order of the file; no more than one of
// them is held. INVALID_ARGUMENT if the file is not JSON or its root is no
// object (nor a list, where a path begins with "*"); errors of the file and of
// `visit`.
absl::Status ReadJsonItems(
    FeedFile& file, const std::vector<JsonPath>& wanted,
    absl::FunctionRef<absl::Status(const JsonItem&)> visit);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_JSON_STREAM_H_
