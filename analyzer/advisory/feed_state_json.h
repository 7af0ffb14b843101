#ifndef LANDWAITER_ANALYZER_ADVISORY_FEED_STATE_JSON_H_
#define LANDWAITER_ANALYZER_ADVISORY_FEED_STATE_JSON_H_

#include <string>

#include "analyzer/advisory/feed_cache.h"
#include "nlohmann/json.hpp"

// A feed's state as JSON, for this folder's .cc files.
namespace landwaiter::analyzer::advisory {

nlohmann::json ToJson(const FeedState& state);
// Throws nlohmann::json::exception.
FeedState FeedStateFromJson(const nlohmann::json& from);
// With what is no UTF-8 replaced.
std::string ToText(const nlohmann::json& value);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_FEED_STATE_JSON_H_
