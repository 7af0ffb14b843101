#include "agent/source/json.h"

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::source {

namespace {

absl::StatusOr<nlohmann::json> Parse(std::string_view text, int max_depth,
                                     std::string_view what) {
  bool too_deep = false;
  const nlohmann::json::parser_callback_t watch_depth =
      [&](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
        too_deep = too_deep || depth > max_depth;
        return !too_deep;
      };
  // The parser keeps no stack of calls, so depth costs memory, not stack; and
  // text is bounded by the caller.
  nlohmann::json json =
      nlohmann::json::parse(text, watch_depth, /*allow_exceptions=*/false);
  if (too_deep) {
    return base::Failure(
        base::FailureCode::kLimitExceeded,
        base::StrCat(what, " nests deeper than ", max_depth, " levels"),
        "jsonDepth");
  }
  return json;
}

absl::Status Not(std::string_view what, std::string_view kind) {
  return base::Failure(base::FailureCode::kUnsupportedMedia,
                       base::StrCat(what, " is not a JSON ", kind));
}

}  // namespace

absl::StatusOr<nlohmann::json> ParseObject(std::string_view text, int max_depth,
                                           std::string_view what) {
  LANDWAITER_ASSIGN_OR_RETURN(nlohmann::json json,
                              Parse(text, max_depth, what));
  if (!json.is_object()) return Not(what, "object");
  return json;
}

absl::StatusOr<nlohmann::json> ParseArray(std::string_view text, int max_depth,
                                          std::string_view what) {
  LANDWAITER_ASSIGN_OR_RETURN(nlohmann::json json,
                              Parse(text, max_depth, what));
  if (!json.is_array()) return Not(what, "list");
  return json;
}

std::string TextAt(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>()
                                                     : std::string();
}

uint64_t NumberAt(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_unsigned()
             ? found->get<uint64_t>()
             : 0;
}

}  // namespace landwaiter::agent::source
