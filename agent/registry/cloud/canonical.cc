#include "agent/registry/cloud/canonical.h"

#include <algorithm>

#include "core/base/hash.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry::cloud {

std::vector<std::pair<std::string, std::string>> QueryParameters(
    std::string_view target) {
  std::vector<std::pair<std::string, std::string>> parameters;
  const auto query = base::SplitOnce(target, '?');
  if (!query || query->second.empty()) return parameters;
  for (const std::string_view pair : base::Split(query->second, '&')) {
    const auto parts = base::SplitOnce(pair, '=');
    parameters.emplace_back(
        http::Unescape(parts ? parts->first : pair),
        parts ? http::Unescape(parts->second) : std::string());
  }
  std::sort(parameters.begin(), parameters.end());
  return parameters;
}

std::string CanonicalQuery(std::string_view target) {
  std::string query;
  for (const auto& [name, value] : QueryParameters(target)) {
    base::StrAppend(&query, query.empty() ? "" : "&",
                    http::EscapeComponent(name), "=",
                    http::EscapeComponent(value));
  }
  return query;
}

std::string_view PathOf(std::string_view target) {
  return target.substr(0, target.find('?'));
}

std::string HostHeader(const http::Url& url) {
  const std::string origin = url.Origin();
  return origin.substr(origin.find("://") + 3);
}

std::string CanonicalRequest(std::string_view method, std::string_view path,
                             std::string_view query,
                             const http::Headers& signed_headers,
                             std::string_view body) {
  std::string text = base::StrCat(method, "\n", path, "\n", query, "\n");
  for (const auto& [name, value] : signed_headers) {
    base::StrAppend(&text, name, ":", base::Strip(value), "\n");
  }
  base::StrAppend(&text, "\n", SignedNames(signed_headers), "\n",
                  base::Sha256Hex(body));
  return text;
}

std::string SignedNames(const http::Headers& signed_headers) {
  std::string names;
  for (const auto& [name, value] : signed_headers) {
    base::StrAppend(&names, names.empty() ? "" : ";", name);
  }
  return names;
}

}  // namespace landwaiter::agent::registry::cloud
