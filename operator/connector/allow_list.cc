#include "operator/connector/allow_list.h"

#include <algorithm>

#include "core/base/strings.h"

namespace landwaiter::connector {
namespace {

// A collection in the scan namespace: which methods it and its objects take.
struct Collection {
  std::string_view prefix;
  std::string_view plural;
  std::string_view methods;         // of the collection
  std::string_view object_methods;  // of one object
};

constexpr Collection kCollections[] = {
    {"/apis/batch/v1/namespaces/", "jobs", "GET POST", "GET PATCH DELETE"},
    {"/api/v1/namespaces/", "pods", "GET", ""},
    {"/api/v1/namespaces/", "secrets", "POST", ""},
    {"/apis/networking.k8s.io/v1/namespaces/", "networkpolicies", "",
     "PATCH DELETE"},
};

struct Fixed {
  std::string_view method;
  std::string_view path;
};
constexpr Fixed kFixed[] = {
    {"GET", "/version"},
    {"GET", "/api/v1/nodes"},
    {"POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"},
};

bool IsPlain(std::string_view path) {
  const bool characters = std::all_of(path.begin(), path.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '/' ||
           c == '-' || c == '.';
  });
  return characters && path.starts_with('/') && !base::Contains(path, "//") &&
         !base::Contains(path, "/.") && path.size() < 1024;
}

bool Lists(std::string_view methods, std::string_view method) {
  for (const std::string_view one : base::Split(methods, ' ')) {
    if (!one.empty() && one == method) return true;
  }
  return false;
}

// Whether `rest`, after the namespace, is the collection or one of its objects.
bool Allows(const Collection& collection, std::string_view rest,
            std::string_view method) {
  if (!rest.starts_with(collection.plural)) return false;
  rest.remove_prefix(collection.plural.size());
  if (rest.empty()) return Lists(collection.methods, method);
  if (!rest.starts_with('/')) return false;
  rest.remove_prefix(1);
  const bool one_name = !rest.empty() && !base::Contains(rest, "/");
  return one_name && Lists(collection.object_methods, method);
}

}  // namespace

absl::Status CheckAllowed(std::string_view method, std::string_view target,
                          const std::string& scan_namespace) {
  const std::string_view path = target.substr(0, target.find('?'));
  const absl::Status refused = absl::PermissionDeniedError(
      base::StrCat("the connector does not allow ", method, " of this path"));
  if (!IsPlain(path)) return refused;
  for (const Fixed& fixed : kFixed) {
    if (method == fixed.method && path == fixed.path) return absl::OkStatus();
  }
  for (const Collection& collection : kCollections) {
    const std::string prefix =
        base::StrCat(collection.prefix, scan_namespace, "/");
    if (path.starts_with(prefix) &&
        Allows(collection, path.substr(prefix.size()), method)) {
      return absl::OkStatus();
    }
  }
  return refused;
}

}  // namespace landwaiter::connector
