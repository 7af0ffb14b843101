#include "core/http/url.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "core/base/strings.h"

namespace landwaiter::http {
namespace {

constexpr size_t kMaxUrl = 8192;

absl::Status Invalid(std::string_view text, std::string_view why) {
  return absl::InvalidArgumentError(base::StrCat(
      "\"", base::Printable(text), "\" is not a URL to use: ", why));
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

uint16_t DefaultPort(std::string_view scheme) {
  return scheme == "https" ? 443 : 80;
}

// What may stand in a request line: no control character, no space, nothing
// beyond ASCII.
bool IsClean(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) > 0x20 &&
           static_cast<unsigned char>(c) < 0x7F && c != '\\';
  });
}

bool IsHostName(std::string_view host) {
  return !host.empty() && host.size() <= 253 &&
         std::all_of(host.begin(), host.end(), [](char c) {
           return absl::ascii_isalnum(c) || c == '.' || c == '-' || c == '_';
         });
}

bool IsIpv6Text(std::string_view host) {
  constexpr size_t kLongest = 45;  // with an IPv4 address as its end
  if (host.size() > kLongest || !base::Contains(host, ":")) return false;
  return std::all_of(host.begin(), host.end(), [](char c) {
    return absl::ascii_isxdigit(c) || c == ':' || c == '.';
  });
}

// Splits "host[:port]" or "[v6][:port]"; an error names what is wrong.
absl::Status ReadAuthority(std::string_view authority, Url& url) {
  std::string_view host = authority;
  std::string_view port;
  if (authority.starts_with('[')) {
    const size_t end = authority.find(']');
    if (end == authority.npos) return Invalid(authority, "a ] is missing");
    host = authority.substr(1, end - 1);
    if (!IsIpv6Text(host)) return Invalid(authority, "the address is invalid");
    const std::string_view rest = authority.substr(end + 1);
    if (!rest.empty() && rest.front() != ':') {
      return Invalid(authority, "there is text behind the ]");
    }
    port = rest.empty() ? rest : rest.substr(1);
  } else {
    if (const size_t colon = authority.find(':'); colon != authority.npos) {
      host = authority.substr(0, colon);
      port = authority.substr(colon + 1);
    }
    if (!IsHostName(host)) return Invalid(authority, "the host is invalid");
  }
  url.host = base::ToLower(host);
  url.port = DefaultPort(url.scheme);
  if (port.empty()) return absl::OkStatus();
  const auto number = base::ParseUint64(port);
  if (!number || *number == 0 || *number > 65535) {
    return Invalid(authority, "the port is not a number from 1 to 65535");
  }
  url.port = static_cast<uint16_t>(*number);
  return absl::OkStatus();
}

// RFC 3986 section 5.2.4.
std::string RemoveDotSegments(std::string_view path) {
  std::vector<std::string_view> kept;
  const std::vector<std::string_view> segments =
      base::Split(path.substr(1), '/');
  for (size_t i = 0; i < segments.size(); ++i) {
    const bool last = i + 1 == segments.size();
    if (segments[i] == "." || segments[i] == "..") {
      if (segments[i] == ".." && !kept.empty()) kept.pop_back();
      if (last) kept.push_back("");
    } else {
      kept.push_back(segments[i]);
    }
  }
  std::string clean;
  for (const std::string_view segment : kept) {
    base::StrAppend(&clean, "/", segment);
  }
  return clean.empty() ? "/" : clean;
}

// "/path" and "?query" (with its mark) of a target.
std::pair<std::string_view, std::string_view> SplitTarget(
    std::string_view target) {
  const size_t mark = target.find('?');
  if (mark == target.npos) return {target, {}};
  return {target.substr(0, mark), target.substr(mark)};
}

}  // namespace

absl::StatusOr<Url> Url::Parse(std::string_view text) {
  if (text.size() > kMaxUrl) return Invalid(text, "it is too long");
  if (!IsClean(text)) return Invalid(text, "it has a character to escape");
  const size_t colon = text.find("://");
  if (colon == text.npos) return Invalid(text, "it has no scheme");
  Url url;
  url.scheme = base::ToLower(text.substr(0, colon));
  if (url.scheme != "http" && url.scheme != "https") {
    return Invalid(text, "the scheme is neither http nor https");
  }
  std::string_view rest = text.substr(colon + 3);
  const size_t end = std::min(rest.find_first_of("/?#"), rest.size());
  const std::string_view authority = rest.substr(0, end);
  rest = rest.substr(end);
  if (base::Contains(authority, "@")) {
    return absl::InvalidArgumentError(
        "a URL must not hold a user name or a password: give them apart");
  }
  if (auto status = ReadAuthority(authority, url); !status.ok()) return status;
  if (base::Contains(rest, "#")) return Invalid(text, "it has a fragment");
  url.target =
      rest.starts_with('/') ? std::string(rest) : base::StrCat("/", rest);
  return url;
}

absl::StatusOr<Url> Url::Resolve(std::string_view reference) const {
  if (base::Contains(reference.substr(0, reference.find_first_of("/?")), ":")) {
    return Parse(reference);
  }
  if (reference.starts_with("//")) {
    return Parse(base::StrCat(scheme, ":", reference));
  }
  if (reference.size() > kMaxUrl || !IsClean(reference) ||
      base::Contains(reference, "#")) {
    return Invalid(reference, "it cannot be resolved");
  }
  Url url = *this;
  if (reference.empty()) return url;
  const auto [base_path, base_query] = SplitTarget(target);
  const auto [path, query] = SplitTarget(reference);
  if (path.empty()) {
    url.target = base::StrCat(base_path, query);
    return url;
  }
  std::string merged(path);
  if (!path.starts_with('/')) {
    merged = base::StrCat(base_path.substr(0, base_path.rfind('/') + 1), path);
  }
  url.target = base::StrCat(RemoveDotSegments(merged), query);
  return url;
}

std::string Url::Origin() const {
  const bool v6 = base::Contains(host, ":");
  std::string origin =
      base::StrCat(scheme, "://", v6 ? "[" : "", host, v6 ? "]" : "");
  if (port != DefaultPort(scheme)) base::StrAppend(&origin, ":", port);
  return origin;
}

std::string EscapeComponent(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string escaped;
  for (const char c : text) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' ||
        c == '.' || c == '_' || c == '~') {
      escaped += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      escaped += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return escaped;
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

}  // namespace landwaiter::http
