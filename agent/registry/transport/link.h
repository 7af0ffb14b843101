#ifndef LANDWAITER_AGENT_REGISTRY_TRANSPORT_LINK_H_
#define LANDWAITER_AGENT_REGISTRY_TRANSPORT_LINK_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "core/http/client.h"
#include "core/http/url.h"

namespace landwaiter::agent::registry {

// The target of the link whose rel is next (RFC 8288), as it stands between <
// and >; empty if there is none. Several links may share a header, and there
// may be several headers.
std::string NextLink(const http::Headers& headers);

// The target of the next page: the path of `request` with the link's query,
// since servers behind prefixes and proxies get the link's path wrong; what
// may not stand in a query is escaped, since some leave it bare. Empty: there
// is no next page. NetworkError (cause Protocol) for one that cannot be asked
// for: on another host, or without a query. Taken for the end, it would make
// what comes after it look deleted.
absl::StatusOr<std::string> NextTarget(const http::Url& request,
                                       const http::Headers& headers);

// The first value of a parameter in the query of a target or URL, unescaped;
// nullopt if it does not occur.
std::optional<std::string> QueryValue(std::string_view target,
                                      std::string_view name);

}  // namespace landwaiter::agent::registry

#endif  // LANDWAITER_AGENT_REGISTRY_TRANSPORT_LINK_H_
