#ifndef LANDWAITER_CORE_MODEL_TASK_H_
#define LANDWAITER_CORE_MODEL_TASK_H_

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "core/model/finding.h"
#include "core/model/work.h"

namespace landwaiter::model {

// What the operator and the analyzer say to each other; the calls are in
// proto/landwaiter/v1/control.proto.

// Whose a row is: no call reaches another tenant's.
struct Tenant {
  std::string cluster_uid;  // UID of the control cluster's kube-system
  std::string ns;           // namespace
  friend auto operator<=>(const Tenant&, const Tenant&) = default;
};

// A registry as the queue needs to know it: no address, no credentials.
struct RegistrySpec {
  std::string uid;  // of the ImageRegistry
  std::string name;
  std::string host;  // as image references show it
  // Images whose manifest may be fetched for a scan in any 60 minutes;
  // 0 means without limit.
  uint32_t images_per_hour = 10;
  // Repository globs (docs/reference/globs.md); no include means all.
  std::vector<std::string> include;
  std::vector<std::string> exclude;
};

struct RegistryStatus {
  uint64_t repositories = 0;
  uint64_t images = 0;
  absl::Time last_sync = absl::InfinitePast();  // the last complete listing
  uint32_t used_in_window = 0;
  absl::Time next_available = absl::InfinitePast();  // of the budget
  VulnerabilityCounts vulnerabilities;
};

enum class TaskType {
  kUnknown,
  kAssetSync,
  kImageSync,
  kImageScan,
  kRuntimeScan,
  kImageFix,
};

enum class TaskPhase {
  kUnknown,
  kPending,
  kDiscovering,
  kRunning,
  kSucceeded,
  kPartiallySucceeded,
  kFailed,
  kTimedOut,
  kCancelled,
};
// Whether the task has ended; it then never changes again.
bool IsTerminal(TaskPhase phase);

// Which images of the registries a scan is for.
struct Scope {
  std::vector<std::string> include;  // repository globs; none: all
  std::vector<std::string> exclude;
  std::vector<std::string> tag_include;  // globs; none: all
  std::vector<std::string> tag_exclude;
  uint32_t newest = 0;   // only so many newest tags a repository; 0: all
  bool untagged = true;  // images that no tag names, too
  std::vector<std::string> platforms;  // "linux/amd64"; none: all Linux ones
  // Only images updated within this time; InfiniteDuration: all.
  absl::Duration updated_within = absl::InfiniteDuration();
  // Exactly these images ("repository@sha256:..." or "repository:tag" of the
  // task's registries); then the fields above are not looked at.
  std::vector<std::string> images;
};

struct TaskSpec {
  std::string uid;  // of the ScanTask
  std::string name;
  TaskType type = TaskType::kUnknown;
  std::vector<std::string> registries;  // uids; resolved by the operator
  Scope scope;
  bool force = false;        // scan what is unchanged, too
  bool interactive = false;  // goes before periodic work
  absl::Duration timeout = absl::Hours(4);
  uint32_t parallelism = 2;
  std::string retry_of;  // uid of a task whose failed images are the scope
  // Which findings are counted and shown; all are found and kept.
  bool system_vulnerabilities = true;
  bool application_vulnerabilities = true;

  bool Wants(Category category) const {
    return category == Category::kSystem ? system_vulnerabilities
                                         : application_vulnerabilities;
  }
};

// Invariant once the task is terminal: total = scanned + reused + failed +
// skipped + unsupported.
struct ImageCounts {
  uint64_t total = 0;
  uint64_t scanned = 0;
  uint64_t reused = 0;
  uint64_t failed = 0;
  uint64_t skipped = 0;
  uint64_t unsupported = 0;
  friend auto operator<=>(const ImageCounts&, const ImageCounts&) = default;
};

struct TopFinding {
  std::string id;  // the CVE if there is one
  Severity severity = Severity::kUnknown;
  std::string package;
  std::string installed_version;
  std::string fixed_version;
  std::string image;
  uint8_t priority = 0;  // as the finding's
};

struct TaskFailure {
  std::string image;
  FailureInfo failure;
};

struct LogLine {
  absl::Time time;
  std::string message;
};

struct TaskStatus {
  TaskPhase phase = TaskPhase::kUnknown;
  ImageCounts images;
  uint64_t quota_consumed = 0;  // digests that were scanned for the first time
  VulnerabilityCounts vulnerabilities;
  std::vector<TopFinding> top;        // worst first, at most 10
  std::vector<TaskFailure> failures;  // at most 20
  uint64_t failures_omitted = 0;
  std::vector<LogLine> log;  // the newest, at most 50, oldest first
  absl::Time start = absl::InfinitePast();
  absl::Time completion = absl::InfinitePast();  // InfinitePast: not ended
  absl::Time deadline = absl::InfiniteFuture();
  std::string message;  // why it failed as a whole, if it did
};

// Whether a registry's agents have something to do.
struct RegistryWork {
  Tenant tenant;
  std::string registry_uid;
  uint64_t ready = 0;   // items that could be leased now
  uint64_t leased = 0;  // items that agents hold
  // When `ready` is 0: when an item becomes available; InfiniteFuture if none.
  absl::Time next_available = absl::InfiniteFuture();
};

// Something that a watcher may want to read again.
struct Change {
  enum class Kind { kTask, kRegistry, kWork };
  Kind kind = Kind::kWork;
  Tenant tenant;
  std::string uid;
  friend auto operator<=>(const Change&, const Change&) = default;
};

// What a scan pod shows at the analyzer's door.
struct AgentToken {
  std::string token;  // secret
  absl::Time expires;
};

// Whom a token speaks for: one registry, in one repository cluster.
struct AgentIdentity {
  Tenant tenant;
  std::string cluster;  // name of the RepositoryCluster
  std::string registry_uid;
  std::string token_id;  // jti; names the holder of leases
  friend auto operator<=>(const AgentIdentity&, const AgentIdentity&) = default;
};

}  // namespace landwaiter::model

#endif  // LANDWAITER_CORE_MODEL_TASK_H_
