#ifndef LANDWAITER_AGENT_REGISTRY_OCI_PAGING_H_
#define LANDWAITER_AGENT_REGISTRY_OCI_PAGING_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/http/client.h"
#include "core/http/url.h"

namespace landwaiter::agent::registry::oci {

// The `last` of the next page, out of an answer's Link header
// (<...?n=100&last=x>; rel="next"): only its query is taken, since servers
// behind prefixes and proxies get the rest wrong. Empty: there is no next
// page. NetworkError if there is one that
// cannot be asked for: on another host, or without `last`.
absl::StatusOr<std::string> NextCursor(const http::Url& request,
                                       const http::Headers& headers);

// The strings in the list under `key` of a JSON object; a list that is null or
// missing is empty. NetworkError (cause Protocol) if the text is no such
// object, as when a portal answers with HTML.
absl::StatusOr<std::vector<std::string>> ReadStringList(const std::string& body,
                                                        const std::string& key);

}  // namespace landwaiter::agent::registry::oci

#endif  // LANDWAITER_AGENT_REGISTRY_OCI_PAGING_H_
