#ifndef LANDWAITER_CORE_MODEL_WORK_H_
#define LANDWAITER_CORE_MODEL_WORK_H_

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "core/model/digest.h"
#include "core/model/image.h"

namespace landwaiter::model {

// What an agent and the analyzer say to each other about work. The calls and
// their rules are in proto/landwaiter/v1/work.proto.

// Which grant of an item a write belongs to. The epoch belongs to the store
// and grows when a store is restored; the counter grows with every lease that
// the store grants. A write with any other fence than the item's present one
// is refused (ABORTED), so an agent that slept past its lease writes nothing.
struct Fence {
  uint64_t epoch = 0;
  uint64_t counter = 0;
  friend auto operator<=>(const Fence&, const Fence&) = default;
};

enum class WorkKind {
  kUnknown,           // a newer analyzer's kind: refuse the item
  kListRepositories,  // the names of a registry's repositories
  kListTags,          // one repository: its tags and manifests
  kScanImage,         // one platform image
};

// One leased piece of work.
struct WorkItem {
  std::string id;  // opaque
  Fence fence;
  WorkKind kind = WorkKind::kUnknown;
  std::string repository;  // kListTags, kScanImage
  Digest digest;           // kScanImage: the platform manifest's
  std::string cursor;      // kList...: where an earlier lease stopped
  uint32_t attempt = 1;    // 1 the first time
  absl::Time deadline = absl::InfiniteFuture();  // the task's
  // How long the lease lasts from each heartbeat; beat at a third of it.
  absl::Duration lease = absl::ZeroDuration();
};

// Names a lease in a call.
struct LeaseRef {
  std::string item_id;
  Fence fence;
  friend auto operator<=>(const LeaseRef&, const LeaseRef&) = default;
};

struct LeaseReply {
  std::vector<WorkItem> items;
  // With no items: when to ask again. InfiniteFuture: nothing is planned.
  absl::Time next_available = absl::InfiniteFuture();
};

struct HeartbeatReply {
  std::vector<std::string> lost;  // item ids that are no longer the caller's:
                                  // taken over, finished or cancelled
  std::string renewed_token;      // empty: keep the present one
};

// Why an item failed. The code is a string so that one of a newer peer is
// passed on as it is (core/base/failure.h has the closed list).
struct FailureInfo {
  std::string code;
  std::string cause;
  std::string message;
  bool retryable = false;
  // Not before this much time has passed (a registry's Retry-After); zero:
  // the queue's own back-off.
  absl::Duration retry_after = absl::ZeroDuration();
  friend bool operator==(const FailureInfo&, const FailureInfo&) = default;
};

// What became of an item; no failure means success.
struct Outcome {
  std::optional<FailureInfo> failure;
};

// A leased image's manifest and config, as the agent read and verified them.
struct ImageFacts {
  Digest manifest;
  std::string media_type;
  ImageConfig config;
  std::vector<LayerRef> layers;  // lowest first
};

// What the agent is to do for one layer of a plan (same order as
// ImageFacts::layers).
enum class LayerAction {
  kUnknown,
  kKnown,      // the report is there already: do not pull
  kFetch,      // pull and submit; the claim is this lease's
  kElsewhere,  // another lease is at it: ask for the plan again later
};

struct ImagePlan {
  std::vector<LayerAction> layers;
  // When some layer is kElsewhere: how long to wait before asking again.
  absl::Duration ask_again = absl::ZeroDuration();
};

struct TagEntry {
  std::string tag;
  Digest digest;
  friend auto operator<=>(const TagEntry&, const TagEntry&) = default;
};

// A manifest that a repository holds: image, index, or something else.
struct ManifestEntry {
  Digest digest;
  std::string media_type;
  uint64_t size = 0;                 // of the layers, bytes; 0 if unknown
  Platform platform;                 // if an index or the config says
  std::vector<Descriptor> children;  // of an index
  std::string unsupported;           // why it is no image to scan; empty: it is
  std::optional<absl::Time> pushed;  // by the registry's word
};

inline constexpr size_t kMaxRepositoryState = 256;

// A piece of a listing; pages of one item are sent in order.
struct ListingPage {
  std::vector<std::string> repositories;  // kListRepositories
  // Of some of them, by name: changes whenever anything in the repository may
  // have changed; opaque, at most kMaxRepositoryState bytes.
  std::map<std::string, std::string> repository_states;
  std::vector<TagEntry> tags;            // kListTags
  std::vector<ManifestEntry> manifests;  // kListTags
  // Where the next lease would go on; kept with the page in one transaction.
  std::string next_cursor;
  // The listing is complete with this page: only now are things that it did
  // not name believed to be gone.
  bool complete = false;
};

struct ListingReply {
  // Digests among the page's tags whose manifests the analyzer does not know:
  // to be sent as `manifests` of a page before the listing is complete.
  std::vector<Digest> unknown;
};

}  // namespace landwaiter::model

#endif  // LANDWAITER_CORE_MODEL_WORK_H_
