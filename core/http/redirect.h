#ifndef LANDWAITER_CORE_HTTP_REDIRECT_H_
#define LANDWAITER_CORE_HTTP_REDIRECT_H_

#include "absl/status/statusor.h"
#include "core/http/client.h"
#include "core/http/url.h"

namespace landwaiter::http {

// Redirects are answers like others; whoever wants to follow one decides with
// these.
inline constexpr int kMaxRedirects = 5;

// Whether `response` sends a GET elsewhere: 301, 302, 303, 307 or 308 with a
// Location.
bool IsRedirect(const Response& response);

// Where it sends. Refused (NetworkError, cause Redirect): a Location that is
// no http(s) URL, and one that leads from https to http.
absl::StatusOr<Url> RedirectTarget(const Url& from, const Response& response);

// The headers to send on: without Authorization, Cookie and Proxy-* when the
// origin changes, since credentials belong to the host they were meant for.
Headers HeadersForRedirect(const Headers& headers, const Url& from,
                           const Url& to);

}  // namespace landwaiter::http

#endif  // LANDWAITER_CORE_HTTP_REDIRECT_H_
