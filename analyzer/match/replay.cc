#include "analyzer/match/replay.h"

#include <map>
#include <tuple>
#include <utility>

#include "analyzer/match/print.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"

namespace landwaiter::analyzer::match {
namespace {

using Json = nlohmann::ordered_json;
using Key = std::tuple<std::string, std::string, std::string, std::string>;

std::string TextOf(const Json& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : "";
}

// Each finding's text, by what it is found in.
absl::StatusOr<std::map<Key, std::string>> FindingsOf(const Json& json) {
  const auto list = json.find("findings");
  if (list == json.end() || !list->is_array()) {
    return absl::InvalidArgumentError("the earlier result has no findings");
  }
  std::map<Key, std::string> findings;
  for (const Json& finding : *list) {
    if (!finding.is_object()) {
      return absl::InvalidArgumentError(
          "the earlier result has a finding that is no object");
    }
    findings[{TextOf(finding, "package"), TextOf(finding, "id"),
              TextOf(finding, "installedVersion"), TextOf(finding, "path")}] =
        finding.dump();
  }
  return findings;
}

// All but how the advisories were read: the same may come of their feeds, or of
// a database.
std::string Said(Json json) {
  json.erase("advisories");
  return json.dump();
}

std::string NameOf(const Key& key) {
  return base::StrCat(base::Printable(std::get<1>(key)), " of ",
                      base::Printable(std::get<0>(key)), " ",
                      base::Printable(std::get<2>(key)));
}

std::vector<std::string> Compare(const std::map<Key, std::string>& before,
                                 const std::map<Key, std::string>& now) {
  std::vector<std::string> differences;
  for (const auto& [key, text] : before) {
    const auto it = now.find(key);
    if (it == now.end()) {
      differences.push_back(NameOf(key) + ": is gone");
    } else if (it->second != text) {
      differences.push_back(NameOf(key) + ": is another");
    }
  }
  for (const auto& [key, text] : now) {
    if (!before.contains(key)) differences.push_back(NameOf(key) + ": is new");
  }
  return differences;
}

}  // namespace

absl::StatusOr<ReplayResult> Replay(std::string_view earlier,
                                    const MatchResult& now) {
  const Json before = Json::parse(earlier, nullptr, false);
  if (!before.is_object()) {
    return absl::InvalidArgumentError("the earlier result is no JSON object");
  }
  const std::string version =
      TextOf(before.value("advisories", Json::object()), "version");
  if (version != now.advisory_version) {
    return absl::FailedPreconditionError(base::StrCat(
        "the earlier result came of the advisories ", base::Printable(version),
        ", these are ", now.advisory_version));
  }
  const Json after = Json::parse(ToJson(now));
  LANDWAITER_ASSIGN_OR_RETURN(const auto findings, FindingsOf(before));
  ReplayResult result{.findings = findings.size()};
  if (Said(before) == Said(after)) return result;
  LANDWAITER_ASSIGN_OR_RETURN(const auto found, FindingsOf(after));
  result.differences = Compare(findings, found);
  if (result.differences.empty()) {
    result.differences.emplace_back("what is said beside the findings differs");
  }
  return result;
}

}  // namespace landwaiter::analyzer::match
