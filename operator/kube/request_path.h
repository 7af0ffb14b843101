#ifndef LANDWAITER_OPERATOR_KUBE_REQUEST_PATH_H_
#define LANDWAITER_OPERATOR_KUBE_REQUEST_PATH_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "operator/kube/object.h"

namespace landwaiter::kube {

// "/apis/batch/v1/namespaces/n/jobs", or without the namespace if `ns` is empty
// or the type has none. INVALID_ARGUMENT for a name that is no path segment.
absl::StatusOr<std::string> CollectionPath(const ResourceType& type,
                                           std::string_view ns);

// The path of one object, with "/status" or the like at its end. Names come
// from users: an empty one would ask for the whole collection, and ".." for
// another resource, so both are INVALID_ARGUMENT; the rest is escaped.
absl::StatusOr<std::string> ObjectPath(const ResourceType& type,
                                       const ObjectKey& key,
                                       std::string_view subresource = {});

// Adds "?name=value" or "&name=value", escaped; nothing if the value is empty.
void AddQuery(std::string& target, std::string_view name,
              std::string_view value);
void AddQuery(std::string& target, std::string_view name, int64_t value);

}  // namespace landwaiter::kube

#endif  // LANDWAITER_OPERATOR_KUBE_REQUEST_PATH_H_
