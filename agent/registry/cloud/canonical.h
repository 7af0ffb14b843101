#ifndef LANDWAITER_AGENT_REGISTRY_CLOUD_CANONICAL_H_
#define LANDWAITER_AGENT_REGISTRY_CLOUD_CANONICAL_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/http/client.h"
#include "core/http/url.h"

namespace landwaiter::agent::registry::cloud {

// What the signatures of several clouds are made of.

// The parameters of a target's query, unescaped, sorted by name and value.
std::vector<std::pair<std::string, std::string>> QueryParameters(
    std::string_view target);
// They, escaped and joined: "a=1&b=%2F".
std::string CanonicalQuery(std::string_view target);

std::string_view PathOf(std::string_view target);

// What the Host header says: the port only if it is not the scheme's own.
std::string HostHeader(const http::Url& url);

// The canonical request of AWS's signature version 4 and of Huawei's, which
// follows it: method, path, query, headers (sorted, names in lower case,
// values stripped), their names, and the hash of the body.
std::string CanonicalRequest(std::string_view method, std::string_view path,
                             std::string_view query,
                             const http::Headers& signed_headers,
                             std::string_view body);
// "host;x-amz-date", of headers as above.
std::string SignedNames(const http::Headers& signed_headers);

}  // namespace landwaiter::agent::registry::cloud

#endif  // LANDWAITER_AGENT_REGISTRY_CLOUD_CANONICAL_H_
