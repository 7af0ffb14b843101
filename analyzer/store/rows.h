#ifndef LANDWAITER_ANALYZER_STORE_ROWS_H_
#define LANDWAITER_ANALYZER_STORE_ROWS_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "core/model/finding.h"
#include "core/model/image.h"
#include "core/model/task.h"
#include "core/model/work.h"

namespace landwaiter::analyzer::store {

// What the store keeps, as plain structs. Ids are the store's own short names
// of rows; they are never used again for another row. `tenant` is the short
// name of a model::Tenant.
using RowId = int64_t;

struct RegistryRow {
  RowId id = 0;
  RowId tenant_id = 0;
  model::Tenant tenant;
  model::RegistrySpec spec;
  absl::Time last_sync = absl::InfinitePast();
  // The registry asked for a pause (Retry-After) until then.
  absl::Time paused_until = absl::InfinitePast();
  // When its last task ended; InfiniteFuture while it has an active one.
  absl::Time idle_since = absl::InfinitePast();
};

struct TagRow {
  std::string tag;
  model::Digest digest;
  absl::Time first_seen;
  std::optional<absl::Time> moved;  // seen to name another digest than before
};

struct ManifestRow {
  model::ManifestEntry entry;
  absl::Time first_seen;
};

// A repository as the listings tell it.
struct RepositoryView {
  std::string name;
  std::vector<TagRow> tags;            // by name
  std::vector<ManifestRow> manifests;  // by digest
};

struct ImageKey {
  RowId registry = 0;
  std::string repository;
  model::Digest digest;  // of the platform manifest
};

struct ImageRow {
  RowId id = 0;
  RowId tenant_id = 0;
  ImageKey key;
  std::optional<absl::Time> scanned_at;
  uint32_t report_version = 0;  // of the reports the scan was made from
  bool no_advisory_data = false;
  std::string message;  // why there is none
  model::VulnerabilityCounts vulnerabilities;
};

// What matching asked the advisories for: a package, or with an empty one
// whether there is anything for the ecosystem.
struct Lookup {
  std::string ecosystem, package;
  friend auto operator<=>(const Lookup&, const Lookup&) = default;
};

// What a scan of an image found.
struct ScanResult {
  model::Inventory inventory;  // layers, config: as planned
  std::vector<model::Finding> findings;
  bool no_advisory_data = false;
  std::string message;
  std::vector<Lookup> lookups;  // sorted, each once
};

// A vulnerability that came to an image or left it because of other advisories.
struct FindingChange {
  RowId image = 0;
  std::string finding;  // its id
  model::Severity severity = model::Severity::kUnknown;
  bool appeared = true;
  std::string database;  // version of the advisories
};

// A vulnerability that came to images since a time.
struct NewlyAffected {
  std::string finding;
  model::Severity severity = model::Severity::kUnknown;
  uint64_t images = 0;
  absl::Time since;
};

// A version of a package that some image holds.
struct PackageVersion {
  std::string type;  // purl
  std::string version;
  bool of_source = false;  // it is the source package that has the name
};
// Where something is in an image: a package, or a finding.
struct Place {
  RowId image = 0;
  int64_t position = 0;
  friend auto operator<=>(const Place&, const Place&) = default;
};
// What is said of such a place.
struct PlaceView {
  std::string cluster_uid, ns, registry, repository;
  model::Digest digest;
  model::OsRelease os;
  // Of a package, or of the finding's.
  std::string package, type, version, path;
  std::optional<model::Finding> finding;
};

// A finding with the image that has it.
struct ImageFinding {
  std::string repository;
  model::Digest digest;
  model::Finding finding;
};

// Names a layer report. The trust domain is the tenant.
struct LayerKey {
  RowId tenant_id = 0;
  model::Digest digest;  // of the blob
  uint32_t report_version = 0;
};

struct LayerRow {
  std::string hash;  // SHA-256 (hex) of what the report says
  uint64_t size = 0;
  bool quarantined = false;
};

// Which lease is at a layer.
struct LayerClaim {
  RowId item = 0;
  uint64_t fence = 0;
};

struct TaskRow {
  RowId id = 0;
  RowId tenant_id = 0;
  model::Tenant tenant;
  model::TaskSpec spec;
  // Without `failures`, `failures_omitted` and `log`: see TaskTable.
  model::TaskStatus status;
  uint64_t failed_listings = 0;
  uint64_t done_listings = 0;
};

enum class ItemState {
  kReady = 1,    // waits for an agent (from not_before on)
  kLeased = 2,   // an agent has it
  kDone = 3,     // success
  kFailed = 4,   // for good
  kSkipped = 5,  // its task ended first
};

struct ItemRow {
  RowId id = 0;
  RowId tenant_id = 0;
  RowId task = 0;
  RowId registry = 0;
  model::WorkKind kind = model::WorkKind::kUnknown;
  std::string repository;
  model::Digest digest;
  std::string reference;  // how status and log name it
  ItemState state = ItemState::kReady;
  int64_t rank = 0;  // within its task, smaller is leased first
  absl::Time not_before = absl::InfinitePast();
  std::string cursor;
  // The sequence at the listing's first lease; 0 before.
  uint64_t listing_since = 0;
  bool listing_complete = false;
  // kListTags: what the registry said of the repository when the item was
  // made; may be empty.
  std::string repository_state;
  uint32_t attempt = 0;   // leases so far
  uint32_t failures = 0;  // that may be tried again, so far
  uint32_t losses = 0;    // leases that ran out
  std::string holder;     // token id of the last lease
  uint64_t fence = 0;     // counter of the last lease
  absl::Time lease_until = absl::InfinitePast();
  uint64_t completed_fence = 0;  // of the last Complete that was accepted
};

struct ListedState {
  std::string state;
  absl::Time at = absl::InfinitePast();
};

// The open items of one task at one registry.
struct TaskLoad {
  RowId task = 0;
  bool interactive = false;
  uint64_t parallelism = 0;
  uint64_t leased_in_task = 0;  // at all registries
  uint64_t leased = 0;
  uint64_t ready_listings = 0;
  uint64_t ready_scans = 0;
  // The earliest not_before of those that wait, and end of a lease.
  absl::Time next_ready = absl::InfiniteFuture();
  absl::Time next_expiry = absl::InfiniteFuture();
};

}  // namespace landwaiter::analyzer::store

#endif  // LANDWAITER_ANALYZER_STORE_ROWS_H_
