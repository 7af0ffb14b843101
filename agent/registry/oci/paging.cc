#include "agent/registry/oci/paging.h"

#include <nlohmann/json.hpp>

#include "absl/strings/ascii.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry::oci {
namespace {

absl::Status NotTheApi(std::string_view why) {
  return base::Failure(
      base::FailureCode::kNetworkError,
      base::StrCat("the registry's answer is not a list: ", why), "Protocol");
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string Unescape(std::string_view text) {
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && HexValue(text[i + 1]) >= 0 &&
        HexValue(text[i + 2]) >= 0) {
      plain +=
          static_cast<char>(HexValue(text[i + 1]) * 16 + HexValue(text[i + 2]));
      i += 2;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

// The target between < and > of the link whose rel is next; empty if none is.
std::string_view NextLink(const http::Headers& headers) {
  for (const auto& [name, value] : headers) {
    if (!base::EqualsIgnoreCase(name, "Link")) continue;
    const size_t open = value.find('<');
    const size_t close = value.find('>', open);
    if (open == value.npos || close == value.npos) continue;
    const std::string rest = base::ToLower(value.substr(close));
    if (base::Contains(rest, "rel=\"next\"") ||
        base::Contains(rest, "rel=next")) {
      return std::string_view(value).substr(open + 1, close - open - 1);
    }
  }
  return {};
}

}  // namespace

absl::StatusOr<std::string> NextCursor(const http::Url& request,
                                       const http::Headers& headers) {
  const std::string_view link = NextLink(headers);
  if (link.empty()) return "";
  if (const auto url = http::Url::Parse(link);
      url.ok() && url->host != request.host) {
    return base::Failure(base::FailureCode::kNetworkError,
                         "the next page of a list is on another host",
                         "Protocol");
  }
  const auto query = base::SplitOnce(link, '?');
  for (const std::string_view pair :
       base::Split(query ? query->second : std::string_view(), '&')) {
    if (pair.starts_with("last=") && pair.size() > 5) {
      return Unescape(pair.substr(5));
    }
  }
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
