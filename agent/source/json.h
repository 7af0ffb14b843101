#ifndef LANDWAITER_AGENT_SOURCE_JSON_H_
#define LANDWAITER_AGENT_SOURCE_JSON_H_

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace landwaiter::agent::source {

// Parses an object of at most `max_depth` nested levels. UnsupportedMedia if
// the text is none, LimitExceeded if it nests deeper. `what` names it.
absl::StatusOr<nlohmann::json> ParseObject(std::string_view text, int max_depth,
                                           std::string_view what);
// The same for a list.
absl::StatusOr<nlohmann::json> ParseArray(std::string_view text, int max_depth,
                                          std::string_view what);

// Members of an object, tolerant of absence: empty or zero if `key` is missing
// or of another type.
std::string TextAt(const nlohmann::json& object, const char* key);
uint64_t NumberAt(const nlohmann::json& object, const char* key);

}  // namespace landwaiter::agent::source

#endif  // LANDWAITER_AGENT_SOURCE_JSON_H_
