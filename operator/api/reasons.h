#ifndef LANDWAITER_OPERATOR_API_REASONS_H_
#define LANDWAITER_OPERATOR_API_REASONS_H_

#include <string_view>

namespace landwaiter::api {

// Types of conditions.
inline constexpr std::string_view kReady = "Ready";
inline constexpr std::string_view kReconciling = "Reconciling";
inline constexpr std::string_view kStalled = "Stalled";
inline constexpr std::string_view kReachable = "Reachable";
inline constexpr std::string_view kPermitted = "Permitted";
inline constexpr std::string_view kConnected = "Connected";
inline constexpr std::string_view kSynced = "Synced";
inline constexpr std::string_view kScanComponentAvailable =
    "ScanComponentAvailable";
inline constexpr std::string_view kItemsAvailable = "ItemsAvailable";
inline constexpr std::string_view kCurrent = "Current";
inline constexpr std::string_view kComplete = "Complete";
inline constexpr std::string_view kFailed = "Failed";

// Reasons of conditions and events: the closed list that users may rely on
// (docs/reference/conditions.md explains each). Codes of failures
// (core/base/failure.h) are used as reasons, too.
namespace reason {
// Of any kind.
inline constexpr std::string_view kNotImplemented = "NotImplemented";
inline constexpr std::string_view kInvalidSpec = "InvalidSpec";
inline constexpr std::string_view kSuspended = "Suspended";
inline constexpr std::string_view kAnalyzerUnavailable = "AnalyzerUnavailable";
inline constexpr std::string_view kAnalyzerRefused = "AnalyzerRefused";
inline constexpr std::string_view kCleanupAbandoned = "CleanupAbandoned";
// A reference that points nowhere.
inline constexpr std::string_view kSecretNotFound = "SecretNotFound";
inline constexpr std::string_view kSecretInvalid = "SecretInvalid";
inline constexpr std::string_view kClusterNotFound = "ClusterNotFound";
inline constexpr std::string_view kClusterNotRunning = "ClusterNotRunning";
inline constexpr std::string_view kRegistryNotFound = "RegistryNotFound";
inline constexpr std::string_view kPolicyNotFound = "PolicyNotFound";
inline constexpr std::string_view kTaskNotFound = "TaskNotFound";
inline constexpr std::string_view kNoRegistry = "NoRegistry";
// AdvisoryDatabase.
inline constexpr std::string_view kUpdating = "Updating";
inline constexpr std::string_view kUpdated = "Updated";
inline constexpr std::string_view kFeedFailed = "FeedFailed";
inline constexpr std::string_view kFeedOld = "FeedOld";
inline constexpr std::string_view kNewlyAffected = "NewlyAffected";
// RepositoryCluster.
inline constexpr std::string_view kConnecting = "Connecting";
inline constexpr std::string_view kRunning = "Running";
inline constexpr std::string_view kUnreachable = "Unreachable";
inline constexpr std::string_view kKubeconfigRefused = "KubeconfigRefused";
inline constexpr std::string_view kAddressRefused = "AddressRefused";
inline constexpr std::string_view kConnectorNotInstalled =
    "ConnectorNotInstalled";
inline constexpr std::string_view kConnectorNotConfigured =
    "ConnectorNotConfigured";
inline constexpr std::string_view kPermissionsMissing = "PermissionsMissing";
inline constexpr std::string_view kPermissionsComplete = "PermissionsComplete";
inline constexpr std::string_view kNamespaceNotAllowed = "NamespaceNotAllowed";
inline constexpr std::string_view kPriorityClassNotAllowed =
    "PriorityClassNotAllowed";
// ImageRegistry.
inline constexpr std::string_view kVerifying = "Verifying";
inline constexpr std::string_view kVerified = "Verified";
inline constexpr std::string_view kNeverSynced = "NeverSynced";
inline constexpr std::string_view kListed = "Listed";
inline constexpr std::string_view kSyncOverdue = "SyncOverdue";
inline constexpr std::string_view kPulled = "Pulled";
inline constexpr std::string_view kScanComponentMissing =
    "ScanComponentMissing";
inline constexpr std::string_view kScanPodFailed = "ScanPodFailed";
inline constexpr std::string_view kNeverScanned = "NeverScanned";
inline constexpr std::string_view kTaskCreated = "TaskCreated";
// RegistryAccount; a ScanTask is Discovering, too.
inline constexpr std::string_view kDiscovering = "Discovering";
inline constexpr std::string_view kDiscovered = "Discovered";
inline constexpr std::string_view kRegistryCreated = "RegistryCreated";
inline constexpr std::string_view kRegistryRestored = "RegistryRestored";
inline constexpr std::string_view kRegistryRemoved = "RegistryRemoved";
inline constexpr std::string_view kRegistryRefused = "RegistryRefused";
// ScanPolicy.
inline constexpr std::string_view kScheduled = "Scheduled";
inline constexpr std::string_view kManual = "Manual";
inline constexpr std::string_view kInvalidSchedule = "InvalidSchedule";
inline constexpr std::string_view kScheduleMissed = "ScheduleMissed";
inline constexpr std::string_view kWaitingForActiveTask =
    "WaitingForActiveTask";
inline constexpr std::string_view kTaskReplaced = "TaskReplaced";
inline constexpr std::string_view kAllItemsRun = "AllItemsRun";
// ScanTask: beside these, its phases.
inline constexpr std::string_view kPending = "Pending";
inline constexpr std::string_view kSucceeded = "Succeeded";
inline constexpr std::string_view kPartiallySucceeded = "PartiallySucceeded";
inline constexpr std::string_view kTaskFailed = "Failed";
inline constexpr std::string_view kTimedOut = "TimedOut";
inline constexpr std::string_view kCancelled = "Cancelled";
}  // namespace reason

}  // namespace landwaiter::api

#endif  // LANDWAITER_OPERATOR_API_REASONS_H_
