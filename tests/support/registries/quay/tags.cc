// /api/v1/repository/NAMESPACE/NAME and what is below it.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

#include "core/base/strings.h"
#include "tests/support/registries/quay/answers.h"
#include "tests/support/registries/quay/simulator.h"

namespace landwaiter::test {
namespace {

using Json = nlohmann::json;
using quay::ApiError;
using quay::JsonAnswer;
using quay::MessageError;

std::string MailDate(absl::Time time) {
  return absl::FormatTime("%a, %d %b %Y %H:%M:%S -0000", time,
                          absl::UTCTimeZone());
}

}  // namespace

namespace quay {

uint64_t LayerSize(const StoredManifest& manifest) {
  const Json json = Json::parse(manifest.bytes, nullptr, false);
  if (!json.is_object()) return manifest.size;
  uint64_t size = 0;
  for (const Json& layer : json.value("layers", Json::array())) {
    size += layer.value("size", uint64_t{0});
  }
  return size;
}

}  // namespace quay

Answer QuaySimulator::RepositoryCall(const ApiCall& call,
                                     const std::string& rest) const {
  if (!base::Contains(rest, "/")) return ApiError(call.host, "not_found");
  std::string name = rest;
  std::string what;
  for (const char* word : {"/tag/", "/tag", "/manifest/"}) {
    const size_t at = rest.rfind(word);
    const bool at_end = std::string_view(word) == "/tag";
    if (at == rest.npos || (at_end && !rest.ends_with(word))) continue;
    name = rest.substr(0, at);
    what = rest.substr(at);
    break;
  }
  if (what == "/tag") {
    Answer answer = quay::Page(308, "<!doctype html>\nRedirecting...");
    std::string target = call.request.target;
    target.insert(quay::PathOf(call.request).size(), "/");
    answer.headers.emplace_back(
        "Location",
        base::StrCat("http://",
                     redirects_name.empty() ? call.host : redirects_name,
                     target));
    return answer;
  }
  if (!MayRead(call.who, name)) {
    return ApiError(call.host, call.who.anonymous() ? "invalid_token"
                                                    : "insufficient_scope");
  }
  const Repository* at = Find(name);
  if (at == nullptr) return ApiError(call.host, "not_found");
  if (what.empty()) return OneRepository(call, *at);
  if (what == "/tag/") return Tags(call, *at);
  if (what.starts_with("/manifest/")) {
    return OneManifest(call, *at, what.substr(10));
  }
  return ApiError(call.host, "not_found");
}

Answer QuaySimulator::OneRepository(const ApiCall& call,
                                    const Repository& at) const {
  const size_t slash = at.name.find('/');
  Json body = {{"namespace", at.name.substr(0, slash)},
               {"name", at.name.substr(slash + 1)},
               {"kind", at.kind},
               {"description", at.description},
               {"is_public", at.is_public},
               {"state", at.state}};
  body["is_organization"] = organizations.contains(at.name.substr(0, slash));
  if (quay::Parameter(call.request, "includeTags") != "false") {
    body["tags"] = Json::object();
    for (const Json& row : TagRows(at, true)) {
      body["tags"][row["name"].get<std::string>()] = {
          {"name", row["name"]},
          {"size", row["size"]},
          {"last_modified", row["last_modified"]},
          {"manifest_digest", row["manifest_digest"]}};
    }
  }
  return JsonAnswer(body);
}

// The newest first.
Json QuaySimulator::TagRows(const Repository& at, bool active_only) const {
  struct Row {
    std::string name;
    model::Digest digest;
    absl::Time start;
    absl::Time end = absl::InfiniteFuture();
  };
  std::vector<Row> rows;
  const auto stored = content.repositories.find(at.name);
  if (stored == content.repositories.end()) return Json::array();
  for (const auto& [name, tag] : stored->second.tags) {
    rows.push_back({name, tag.digest, tag.pushed});
    if (const auto end = at.expirations.find(name);
        end != at.expirations.end()) {
      rows.back().end = end->second;
    }
  }
  for (const DeadTag& dead : at.history) {
    if (!active_only) {
      rows.push_back({dead.name, dead.digest, dead.start, dead.end});
    }
  }
  std::ranges::sort(rows, [](const Row& a, const Row& b) {
    return std::tie(b.start, b.name) < std::tie(a.start, a.name);
  });
  Json list = Json::array();
  for (const Row& row : rows) {
    const auto manifest = stored->second.manifests.find(row.digest);
    const bool known = manifest != stored->second.manifests.end();
    const bool index = known && quay::IsIndex(manifest->second);
    Json entry = {{"name", row.name},
                  {"reversion", false},
                  {"start_ts", absl::ToUnixSeconds(row.start)},
                  {"manifest_digest", row.digest.text()},
                  {"is_manifest_list", index},
                  {"size", nullptr},
                  {"last_modified", MailDate(row.start)}};
    if (known && !index) entry["size"] = quay::LayerSize(manifest->second);
    if (row.end != absl::InfiniteFuture()) {
      entry["end_ts"] = absl::ToUnixSeconds(row.end);
      entry["expiration"] = MailDate(row.end);
    }
    list.push_back(entry);
  }
  return list;
}

Answer QuaySimulator::Tags(const ApiCall& call, const Repository& at) const {
  const auto asked = [&](const std::string& name) {
    return quay::Parameter(call.request, name);
  };
  int64_t limit = 50;
  if (const std::string text = asked("limit"); !text.empty()) {
    const auto number = base::ParseInt64(text);
    if (!number) {
      return JsonAnswer(
          {{"message",
            {{"limit",
              "Limit to the number of results to return per page. Max "
              "100."}}}},
          400);
    }
    limit = std::clamp<int64_t>(*number, 1, 100);
  }
  const int64_t page =
      std::max<int64_t>(1, base::ParseInt64(asked("page")).value_or(1));
  const std::string filter = asked("filter_tag_name");
  if (!filter.empty() && !base::Contains(filter, ":")) {
    return MessageError(
        400,
        "Unsupported syntax for filter_tag_name. Expected "
        "<operation>:<tag_name> where <operation>can be 'like' or 'eq'.");
  }
  const std::string like =
      filter.starts_with("like:") ? filter.substr(5) : std::string();
  Json rows = Json::array();
  for (const Json& row : TagRows(at, asked("onlyActiveTags") == "true")) {
    const std::string name = row["name"];
    if (const std::string only = asked("specificTag");
        (only.empty() || only == name) && base::Contains(name, like)) {
      rows.push_back(row);
    }
  }
  const size_t from = static_cast<size_t>((page - 1) * limit);
  const size_t to = std::min(rows.size(), from + static_cast<size_t>(limit));
  Json list = Json::array();
  for (size_t i = from; i < to; ++i) list.push_back(rows[i]);
  return JsonAnswer(
      {{"tags", list}, {"page", page}, {"has_additional", to < rows.size()}});
}

Answer QuaySimulator::OneManifest(const ApiCall& call, const Repository& at,
                                  const std::string& digest) const {
  const auto wanted = model::Digest::Parse(digest);
  const auto stored = content.repositories.find(at.name);
  if (!wanted.ok() || stored == content.repositories.end()) {
    return ApiError(call.host, "not_found");
  }
  const auto manifest = stored->second.manifests.find(*wanted);
  const Json json = manifest == stored->second.manifests.end()
                        ? Json()
                        : Json::parse(manifest->second.bytes, nullptr, false);
  // What has a subject and no tag is not shown.
  if (!json.is_object() || json.contains("subject")) {
    return ApiError(call.host, "not_found");
  }
  const bool index = quay::IsIndex(manifest->second);
  Json body = {{"digest", digest},
               {"is_manifest_list", index},
               {"manifest_data", manifest->second.bytes},
               {"config_media_type", nullptr},
               {"layers_compressed_size", quay::LayerSize(manifest->second)},
               {"layers", nullptr}};
  if (!index) {
    body["config_media_type"] = json["config"]["mediaType"];
    body["layers"] = Json::array();
    for (const Json& layer : json["layers"]) {
      body["layers"].push_back({{"index", body["layers"].size()},
                                {"compressed_size", layer["size"]},
                                {"blob_digest", layer["digest"]}});
    }
  }
  return JsonAnswer(body);
}

}  // namespace landwaiter::test
