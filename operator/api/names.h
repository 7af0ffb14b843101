#ifndef LANDWAITER_OPERATOR_API_NAMES_H_
#define LANDWAITER_OPERATOR_API_NAMES_H_

#include <string_view>

#include "operator/kube/object.h"

namespace landwaiter::api {

// The kinds of landwaiter.dev; their schemas are in deploy/crds.
inline constexpr std::string_view kGroup = "landwaiter.dev";
inline constexpr std::string_view kVersion = "v1alpha1";
inline constexpr std::string_view kApiVersion = "landwaiter.dev/v1alpha1";

inline constexpr kube::ResourceType kRepositoryClusters{
    kGroup, kVersion, "repositoryclusters", "RepositoryCluster"};
inline constexpr kube::ResourceType kImageRegistries{
    kGroup, kVersion, "imageregistries", "ImageRegistry"};
inline constexpr kube::ResourceType kRegistryAccounts{
    kGroup, kVersion, "registryaccounts", "RegistryAccount"};
inline constexpr kube::ResourceType kScanPolicies{kGroup, kVersion,
                                                  "scanpolicies", "ScanPolicy"};
inline constexpr kube::ResourceType kScanTasks{kGroup, kVersion, "scantasks",
                                               "ScanTask"};
inline constexpr kube::ResourceType kRiskExceptions{
    kGroup, kVersion, "riskexceptions", "RiskException"};
inline constexpr kube::ResourceType kScanQuotas{kGroup, kVersion, "scanquotas",
                                                "ScanQuota"};
inline constexpr kube::ResourceType kAdvisoryDatabases{
    kGroup, kVersion, "advisorydatabases", "AdvisoryDatabase"};

// Labels of what the operator makes.
inline constexpr std::string_view kNameLabel = "app.kubernetes.io/name";
inline constexpr std::string_view kComponentLabel =
    "app.kubernetes.io/component";
inline constexpr std::string_view kManagedByLabel =
    "app.kubernetes.io/managed-by";
inline constexpr std::string_view kManagedBy = "landwaiter-operator";
// "verify", "scan" or "discover".
inline constexpr std::string_view kJobLabel = "landwaiter.dev/job";
// UIDs of the ImageRegistry (for "discover" the RegistryAccount) and the
// RepositoryCluster that a Job serves: an ownerReference cannot reach another
// namespace.
inline constexpr std::string_view kRegistryUidLabel =
    "landwaiter.dev/registry-uid";
inline constexpr std::string_view kClusterUidLabel =
    "landwaiter.dev/cluster-uid";
// Namespace of the ImageRegistry, on Jobs.
inline constexpr std::string_view kOwnerNamespaceLabel =
    "landwaiter.dev/owner-namespace";
// On an ImageRegistry that a RegistryAccount made: the instance's id there.
inline constexpr std::string_view kInstanceAnnotation =
    "landwaiter.dev/instance";
// UID of the ScanPolicy that made a ScanTask.
inline constexpr std::string_view kPolicyUidLabel = "landwaiter.dev/policy-uid";
// Why a ScanTask was made: "schedule", "interval" or "annotation"; without it,
// a person made it.
inline constexpr std::string_view kTriggerLabel = "landwaiter.dev/trigger";

// What a selector of ImageRegistries sees spec.region as.
inline constexpr std::string_view kRegionLabel = "landwaiter.dev/region";

// Annotations of an ImageRegistry: any new value asks for the thing now.
inline constexpr std::string_view kSyncAnnotation = "landwaiter.dev/sync";
inline constexpr std::string_view kScanAnnotation = "landwaiter.dev/scan";
inline constexpr std::string_view kVerifyAnnotation = "landwaiter.dev/verify";
// Name of the ImageRegistry, on Jobs (names may be longer than a label).
inline constexpr std::string_view kRegistryNameAnnotation =
    "landwaiter.dev/registry-name";

// Keeps an ImageRegistry or ScanTask until the analyzer has dropped its data.
inline constexpr std::string_view kFinalizer = "landwaiter.dev/analyzer-data";

}  // namespace landwaiter::api

#endif  // LANDWAITER_OPERATOR_API_NAMES_H_
