#include "core/http/redirect.h"

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::http {
namespace {

absl::Status Refused(std::string_view why) {
  return base::Failure(base::FailureCode::kNetworkError,
                       base::StrCat("a redirect was refused: ", why),
                       "Redirect");
}

}  // namespace

bool IsRedirect(const Response& response) {
  switch (response.status) {
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
      return FindHeader(response.headers, "Location") != nullptr;
    default:
      return false;
  }
}

absl::StatusOr<Url> RedirectTarget(const Url& from, const Response& response) {
  const std::string* location = FindHeader(response.headers, "Location");
  if (location == nullptr) return Refused("it has no Location");
  auto to = from.Resolve(*location);
  // The location may hold a signature: it is not quoted.
  if (!to.ok()) return Refused("its Location is not an http or https URL");
  if (from.scheme == "https" && to->scheme != "https") {
    return Refused("it leads from https to http");
  }
  return to;
}

Headers HeadersForRedirect(const Headers& headers, const Url& from,
                           const Url& to) {
  if (from.SameOrigin(to)) return headers;
  Headers kept;
  for (const auto& header : headers) {
    const std::string name = base::ToLower(header.first);
    if (name != "authorization" && name != "cookie" && name != "host" &&
        !name.starts_with("proxy-")) {
      kept.push_back(header);
    }
  }
  return kept;
}

}  // namespace landwaiter::http
