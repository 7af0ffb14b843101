#ifndef LANDWAITER_CORE_HTTP_URL_H_
#define LANDWAITER_CORE_HTTP_URL_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace landwaiter::http {

// An absolute http or https URL (RFC 3986), without user info and fragment:
// both are refused, since a secret in a URL ends in a log.
struct Url {
  std::string scheme;  // "http" or "https"
  std::string host;    // lower case; an IPv6 address without its brackets
  uint16_t port = 0;   // never 0 after Parse: the scheme's default is filled in
  std::string target;  // path and query, starts with "/"

  static absl::StatusOr<Url> Parse(std::string_view text);
  // Resolves a reference (RFC 3986 section 5: absolute, "//host/..", "/path",
  // "path" or "?query") against this URL.
  absl::StatusOr<Url> Resolve(std::string_view reference) const;

  // "https://host[:port]", the port only if it is not the default.
  std::string Origin() const;
  std::string ToString() const { return Origin() + target; }
  bool SameOrigin(const Url& other) const {
    return scheme == other.scheme && host == other.host && port == other.port;
  }
  friend bool operator==(const Url&, const Url&) = default;
};

// Percent-encodes everything but RFC 3986's unreserved characters, so that
// `text` is one segment of a path or one value in a query.
std::string EscapeComponent(std::string_view text);
// Undoes percent-encoding; what is no valid escape stays as it is.
std::string Unescape(std::string_view text);

}  // namespace landwaiter::http

#endif  // LANDWAITER_CORE_HTTP_URL_H_
