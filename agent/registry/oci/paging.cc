#include "agent/registry/oci/paging.h"

#include <nlohmann/json.hpp>

#include "agent/registry/transport/link.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry::oci {
namespace {

absl::Status NotTheApi(std::string_view why) {
  return base::Failure(
      base::FailureCode::kNetworkError,
      base::StrCat("the registry's answer is not a list: ", why), "Protocol");
}

}  // namespace

absl::StatusOr<std::string> NextCursor(const http::Url& request,
                                       const http::Headers& headers) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::string next,
                              NextTarget(request, headers));
  if (next.empty()) return "";
  const auto last = QueryValue(next, "last");
  if (last && !last->empty()) return *last;
  // Taken for the end, it would make what comes after it look deleted.
  return base::Failure(base::FailureCode::kNetworkError,
                       "the next page of a list is named in a way that is not "
                       "known",
                       "Protocol");
}

absl::StatusOr<std::vector<std::string>> ReadStringList(
    const std::string& body, const std::string& key) {
  const auto json = nlohmann::json::parse(body, nullptr, false);
  if (!json.is_object()) return NotTheApi("it is no JSON object");
  std::vector<std::string> strings;
  if (!json.contains(key) || json[key].is_null()) return strings;
  if (!json[key].is_array()) return NotTheApi(base::StrCat(key, " is no list"));
  for (const auto& element : json[key]) {
    if (!element.is_string()) {
      return NotTheApi(base::StrCat(key, " has an element that is no text"));
    }
    strings.push_back(element.get<std::string>());
  }
  return strings;
}

}  // namespace landwaiter::agent::registry::oci
