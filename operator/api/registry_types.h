#ifndef LANDWAITER_OPERATOR_API_REGISTRY_TYPES_H_
#define LANDWAITER_OPERATOR_API_REGISTRY_TYPES_H_

#include <algorithm>
#include <iterator>
#include <string_view>

namespace landwaiter::api {

// Values of spec.type that this release's scan component speaks. The schema
// (deploy/crds) may name more; an ImageRegistry of such a type says
// NotImplemented. tests/contract holds both to agent/registry/catalog.cc.
inline constexpr std::string_view kBuiltTypes[] = {
    "ACR",    "AzureACR", "DockerHub", "ECR",   "GHCR", "GitLab", "Gitea",
    "Google", "Harbor",   "JFrog",     "Nexus", "OCI",  "Quay",   "SWR"};

inline bool IsBuilt(std::string_view type) {
  return std::find(std::begin(kBuiltTypes), std::end(kBuiltTypes), type) !=
         std::end(kBuiltTypes);
}

}  // namespace landwaiter::api

#endif  // LANDWAITER_OPERATOR_API_REGISTRY_TYPES_H_
