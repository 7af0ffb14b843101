#ifndef LANDWAITER_OPERATOR_KUBE_OBJECT_H_
#define LANDWAITER_OPERATOR_KUBE_OBJECT_H_

#include <compare>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/time/time.h"
#include "nlohmann/json_fwd.hpp"

namespace landwaiter::kube {

// A Kubernetes object is kept as the JSON that the API server speaks: what we
// do not know in it survives.
using Json = nlohmann::json;
// An object that several readers share; never changed once shared.
using ObjectPtr = std::shared_ptr<const Json>;

// A kind of object and where the API server keeps it. The views are of
// literals: types are constants.
struct ResourceType {
  std::string_view group;    // "" for the core group
  std::string_view version;  // "v1"
  std::string_view plural;   // "scantasks"
  std::string_view kind;     // "ScanTask"
  bool namespaced = true;

  // "batch/v1", or "v1" for the core group.
  std::string ApiVersion() const;
  friend auto operator<=>(const ResourceType&, const ResourceType&) = default;
};

// Names one object of a type; `ns` is empty for a cluster-scoped one.
struct ObjectKey {
  std::string ns;
  std::string name;

  std::string ToString() const;  // "ns/name" or "name"
  friend auto operator<=>(const ObjectKey&, const ObjectKey&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const ObjectKey& key) {
    return H::combine(std::move(h), key.ns, key.name);
  }
};

// Fields of metadata; empty where the object does not have them. None throws,
// whatever the object looks like.
ObjectKey KeyOf(const Json& object);
std::string NameOf(const Json& object);
std::string NamespaceOf(const Json& object);
std::string UidOf(const Json& object);
std::string ResourceVersionOf(const Json& object);
bool IsBeingDeleted(const Json& object);
// The value of a label, empty if it is not there.
std::string LabelOf(const Json& object, std::string_view label);

// The value at a path of keys, {"spec", "suspend"}; nullptr if it is not there.
const Json* Find(const Json& object,
                 std::initializer_list<std::string_view> path);
// The string at a path; `otherwise` if there is none or it is not a string.
std::string StringAt(const Json& object,
                     std::initializer_list<std::string_view> path,
                     std::string_view otherwise = {});

// metav1.Time ("2026-01-02T03:04:05Z") and metav1.MicroTime (with six
// fractional digits), always in UTC.
std::string TimeText(absl::Time time);
std::string MicroTimeText(absl::Time time);
// Reads either.
std::optional<absl::Time> TimeFromText(std::string_view text);

// Types of Kubernetes' own that the operator works with.
inline constexpr ResourceType kPods{"", "v1", "pods", "Pod"};
inline constexpr ResourceType kSecrets{"", "v1", "secrets", "Secret"};
inline constexpr ResourceType kConfigMaps{"", "v1", "configmaps", "ConfigMap"};
inline constexpr ResourceType kServices{"", "v1", "services", "Service"};
inline constexpr ResourceType kServiceAccounts{"", "v1", "serviceaccounts",
                                               "ServiceAccount"};
inline constexpr ResourceType kNamespaces{"", "v1", "namespaces", "Namespace",
                                          false};
inline constexpr ResourceType kNodes{"", "v1", "nodes", "Node", false};
inline constexpr ResourceType kJobs{"batch", "v1", "jobs", "Job"};
inline constexpr ResourceType kLeases{"coordination.k8s.io", "v1", "leases",
                                      "Lease"};
inline constexpr ResourceType kEvents{"events.k8s.io", "v1", "events", "Event"};
inline constexpr ResourceType kNetworkPolicies{
    "networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy"};
inline constexpr ResourceType kSelfSubjectAccessReviews{
    "authorization.k8s.io", "v1", "selfsubjectaccessreviews",
    "SelfSubjectAccessReview", false};
inline constexpr ResourceType kCustomResourceDefinitions{
    "apiextensions.k8s.io", "v1", "customresourcedefinitions",
    "CustomResourceDefinition", false};

}  // namespace landwaiter::kube

#endif  // LANDWAITER_OPERATOR_KUBE_OBJECT_H_
