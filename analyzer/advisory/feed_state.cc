#include <utility>

#include "analyzer/advisory/feed_cache.h"
#include "analyzer/advisory/feed_state_json.h"

namespace landwaiter::analyzer::advisory {
namespace {

using nlohmann::json;

int64_t ToNumber(absl::Time time) {
  return time == absl::InfinitePast() ? 0 : absl::ToUnixMicros(time);
}

absl::Time FromNumber(int64_t micros) {
  return micros == 0 ? absl::InfinitePast() : absl::FromUnixMicros(micros);
}

}  // namespace

json ToJson(const FeedState& state) {
  const FeedCounts& counts = state.counts;
  return {{"name", state.name},
          {"format", state.format},
          {"location", state.location},
          {"records", counts.records},
          {"taken", counts.taken},
          {"enrichments", counts.enrichments},
          {"withdrawn", counts.withdrawn},
          {"empty", counts.empty},
          {"skipped", counts.skipped},
          {"examples", counts.examples},
          {"newest", counts.newest},
          {"digest", state.digest},
          {"changed", ToNumber(state.changed)},
          {"checked", ToNumber(state.checked)},
          {"error", state.error}};
}

FeedState FeedStateFromJson(const json& from) {
  FeedState state;
  FeedCounts& counts = state.counts;
  from.at("name").get_to(state.name);
  from.at("format").get_to(state.format);
  from.at("location").get_to(state.location);
  from.at("records").get_to(counts.records);
  from.at("taken").get_to(counts.taken);
  from.at("enrichments").get_to(counts.enrichments);
  from.at("withdrawn").get_to(counts.withdrawn);
  from.at("empty").get_to(counts.empty);
  from.at("skipped").get_to(counts.skipped);
  from.at("examples").get_to(counts.examples);
  from.at("newest").get_to(counts.newest);
  from.at("digest").get_to(state.digest);
  state.changed = FromNumber(from.at("changed").get<int64_t>());
  state.checked = FromNumber(from.at("checked").get<int64_t>());
  from.at("error").get_to(state.error);
  return state;
}

std::string ToText(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string EncodeFeedStates(const std::vector<FeedState>& states) {
  json list = json::array();
  for (const FeedState& state : states) list.push_back(ToJson(state));
  return ToText({{"feeds", std::move(list)}});
}

std::vector<FeedState> DecodeFeedStates(std::string_view text) {
  std::vector<FeedState> states;
  try {
    const json parsed = json::parse(text);
    for (const json& entry : parsed.at("feeds")) {
      states.push_back(FeedStateFromJson(entry));
    }
  } catch (const json::exception&) {
    return {};  // it is for information only
  }
  return states;
}

}  // namespace landwaiter::analyzer::advisory
