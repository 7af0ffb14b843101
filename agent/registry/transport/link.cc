#include "agent/registry/transport/link.h"

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry {
namespace {

absl::Status Unusable(std::string_view why) {
  return base::Failure(base::FailureCode::kNetworkError,
                       base::StrCat("the next page of a list ", why),
                       "Protocol");
}

// Escapes what may not stand in a query; what is escaped already stays.
std::string Mended(std::string_view query) {
  std::string mended;
  for (const char c : query) {
    if (c > 0x20 && c < 0x7F && c != '"' && c != '<' && c != '>' && c != '#' &&
        c != '\\') {
      mended += c;
    } else {
      mended += http::EscapeComponent(std::string_view(&c, 1));
    }
  }
  return mended;
}

}  // namespace

std::string NextLink(const http::Headers& headers) {
  for (const auto& [name, value] : headers) {
    if (!base::EqualsIgnoreCase(name, "Link")) continue;
    size_t open = value.find('<');
    while (open != value.npos) {
      const size_t close = value.find('>', open);
      if (close == value.npos) break;
      const size_t next = value.find('<', close);
      const std::string parameters =
          base::ToLower(value.substr(close, next - close));
      if (base::Contains(parameters, "rel=\"next\"") ||
          base::Contains(parameters, "rel=next")) {
        return value.substr(open + 1, close - open - 1);
      }
      open = next;
    }
  }
  return "";
}

absl::StatusOr<std::string> NextTarget(const http::Url& request,
                                       const http::Headers& headers) {
  const std::string link = NextLink(headers);
  if (link.empty()) return "";
  if (const auto url = http::Url::Parse(link);
      url.ok() && url->host != request.host) {
    return Unusable("is on another host");
  }
  const auto query = base::SplitOnce(link, '?');
  if (!query || query->second.empty()) {
    return Unusable("is named in a way that is not known");
  }
  const std::string_view path =
      std::string_view(request.target).substr(0, request.target.find('?'));
  return base::StrCat(path, "?", Mended(query->second));
}

std::optional<std::string> QueryValue(std::string_view target,
                                      std::string_view name) {
  const auto query = base::SplitOnce(target, '?');
  if (!query) return std::nullopt;
  for (const std::string_view pair : base::Split(query->second, '&')) {
    const auto value = base::SplitOnce(pair, '=');
    if (value && value->first == name) return http::Unescape(value->second);
  }
  return std::nullopt;
}

}  // namespace landwaiter::agent::registry
