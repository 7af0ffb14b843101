#ifndef LANDWAITER_ANALYZER_STORE_TABLES_H_
#define LANDWAITER_ANALYZER_STORE_TABLES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "analyzer/store/rows.h"

namespace landwaiter::analyzer::store {

// What can be done inside a transaction, by subject. All calls may fail with
// the store's errors (store.h); a Find that finds nothing is not one of them.

class RegistryTable {
 public:
  virtual ~RegistryTable() = default;
  // Makes or updates it; its state (sync, pause, idle) is kept.
  virtual absl::StatusOr<RowId> Put(const model::Tenant& tenant,
                                    const model::RegistrySpec& spec) = 0;
  virtual absl::StatusOr<std::optional<RegistryRow>> Find(
      const model::Tenant& tenant, std::string_view uid) = 0;
  // NOT_FOUND if there is none.
  virtual absl::StatusOr<RegistryRow> Get(RowId id) = 0;
  // Those with items that are ready or leased, by id.
  virtual absl::StatusOr<std::vector<RegistryRow>> Working() = 0;
  virtual absl::Status SetLastSync(RowId id, absl::Time time) = 0;
  virtual absl::Status SetPausedUntil(RowId id, absl::Time time) = 0;
  virtual absl::Status SetIdleSince(RowId id, absl::Time time) = 0;
  // Fills repositories, images and vulnerabilities.
  virtual absl::StatusOr<model::RegistryStatus> Summary(RowId id) = 0;
  // With all that hangs on it, and the layer reports that only its images
  // used.
  virtual absl::Status Delete(RowId id) = 0;

  // The budget's window; charges older than a day are forgotten.
  virtual absl::Status AddCharge(RowId id, absl::Time time) = 0;
  // Times of the charges after `since`, oldest first.
  virtual absl::StatusOr<std::vector<absl::Time>> Charges(RowId id,
                                                          absl::Time since) = 0;
};

// What listings told: repositories, tags, manifests. `seq` is the sequence
// (Transaction::Sequence) at which something was named.
class CatalogTable {
 public:
  virtual ~CatalogTable() = default;
  virtual absl::StatusOr<RowId> PutRepository(RowId registry,
                                              std::string_view name,
                                              uint64_t seq, absl::Time now) = 0;
  virtual absl::StatusOr<std::optional<RowId>> FindRepository(
      RowId registry, std::string_view name) = 0;
  // What the registry said of the repository when its last complete listing
  // was asked for, and when that listing ended; empty and InfinitePast if
  // neither is known.
  virtual absl::StatusOr<ListedState> Listed(RowId repository) = 0;
  virtual absl::Status SetListed(RowId repository,
                                 const ListedState& listed) = 0;
  // Removes the repositories that were last named before `seq`, with their
  // images but those that an open item is at.
  virtual absl::Status ForgetRepositories(RowId registry, uint64_t seq) = 0;

  // Also marks the manifest that the tag names, if known, as seen.
  virtual absl::Status PutTag(RowId repository, const model::TagEntry& tag,
                              uint64_t seq, absl::Time now) = 0;
  virtual absl::Status PutManifest(RowId repository,
                                   const model::ManifestEntry& manifest,
                                   uint64_t seq, absl::Time now) = 0;
  // Digests that tags named at `seq` or later stand for and no manifest is
  // known of; at most `limit`.
  virtual absl::StatusOr<std::vector<model::Digest>> UnknownManifests(
      RowId repository, uint64_t seq, size_t limit) = 0;
  virtual absl::StatusOr<bool> HasManifest(RowId repository,
                                           const model::Digest& digest) = 0;
  // Removes the tags and manifests that were last named before `seq`, and the
  // images that nothing names any more, but those an open item is at.
  virtual absl::Status ForgetUnseen(RowId repository, uint64_t seq) = 0;
  // nullopt if the repository is not known.
  virtual absl::StatusOr<std::optional<RepositoryView>> View(
      RowId registry, std::string_view name) = 0;
};

class ImageTable {
 public:
  virtual ~ImageTable() = default;
  virtual absl::StatusOr<std::optional<ImageRow>> Find(const ImageKey& key) = 0;
  // Makes the row if need be, and sets what the agent read of the image.
  virtual absl::StatusOr<RowId> PutFacts(const ImageKey& key,
                                         const model::ImageFacts& facts) = 0;
  // NOT_FOUND if the image is not known.
  virtual absl::StatusOr<model::ImageFacts> Facts(RowId image) = 0;
  // Replaces the image's packages and findings.
  virtual absl::Status PutResult(RowId image, const ScanResult& result,
                                 uint32_t report_version, absl::Time now) = 0;
  // Replaces the findings alone, after a new advisory.
  virtual absl::Status PutFindings(RowId image,
                                   const std::vector<model::Finding>& findings,
                                   bool no_advisory_data,
                                   std::string_view message) = 0;
  // As it was put; NOT_FOUND if the image was never scanned.
  virtual absl::StatusOr<model::Inventory> Inventory(RowId image) = 0;
  // Worst first, at most `limit`.
  virtual absl::StatusOr<std::vector<model::Finding>> Findings(
      RowId image, size_t limit) = 0;
  // Findings of a registry's images (only of `repository`, only of `digest`,
  // where not empty) behind `cursor` (empty at first; set to where the next
  // page begins, empty at the end). INVALID_ARGUMENT for a bad cursor.
  virtual absl::StatusOr<std::vector<ImageFinding>> Page(
      RowId registry, std::string_view repository, std::string_view digest,
      size_t limit, std::string& cursor) = 0;
  // Scanned images, by id, behind `after`.
  virtual absl::StatusOr<std::vector<RowId>> Scanned(RowId after,
                                                     size_t limit) = 0;
  // NOT_FOUND if there is none.
  virtual absl::StatusOr<ImageRow> Get(RowId image) = 0;
  // Removes the images that only this task names: no listing does, and no
  // item of another task.
  virtual absl::Status ForgetOfTask(RowId task) = 0;
  // Makes the images that hold this layer count as not scanned.
  virtual absl::Status MarkStale(const LayerKey& layer) = 0;
  // Whether this is the tenant's first scan of the digest; it then is counted.
  virtual absl::StatusOr<bool> CountQuota(RowId tenant,
                                          const model::Digest& digest,
                                          absl::Time now) = 0;
};

// What connects images with advisories.
class MatchTable {
 public:
  virtual ~MatchTable() = default;
  // Replaces what the image's findings were looked up by.
  virtual absl::Status PutLookups(RowId image,
                                  const std::vector<Lookup>& lookups) = 0;
  // Scanned images whose findings were looked up by this, by id.
  virtual absl::StatusOr<std::vector<RowId>> LookedUp(const Lookup& lookup) = 0;
  // Images with a finding of this id, by id.
  virtual absl::StatusOr<std::vector<RowId>> Affected(std::string_view id) = 0;

  // The newest kMaxChanges are kept.
  static constexpr size_t kMaxChanges = 200'000;
  virtual absl::Status AddChange(const FindingChange& change,
                                 absl::Time now) = 0;
  // The worst, and of those the most frequent, first.
  virtual absl::StatusOr<std::vector<NewlyAffected>> NewlyAffectedSince(
      absl::Time since, size_t limit) = 0;

  // Of the packages of this name, binary ones and source packages.
  virtual absl::StatusOr<std::vector<PackageVersion>> Versions(
      std::string_view package) = 0;
  virtual absl::StatusOr<std::vector<Place>> PackagePlaces(
      std::string_view package, const PackageVersion& version) = 0;
  // The ids of findings that go by this name too, and the name itself.
  virtual absl::StatusOr<std::vector<std::string>> FindingIds(
      std::string_view name) = 0;
  virtual absl::StatusOr<std::vector<Place>> FindingPlaces(
      std::string_view id) = 0;
  // NOT_FOUND if it is gone.
  virtual absl::StatusOr<PlaceView> ViewPackage(const Place& place) = 0;
  virtual absl::StatusOr<PlaceView> ViewFinding(const Place& place) = 0;
};

class LayerTable {
 public:
  virtual ~LayerTable() = default;
  virtual absl::StatusOr<std::optional<LayerRow>> Find(const LayerKey& key) = 0;
  // The report's bytes. NOT_FOUND if there is none; DATA_LOSS if they are not
  // what was stored.
  virtual absl::StatusOr<std::string> Report(const LayerKey& key) = 0;
  // REQUIRES: none is stored under the key. `hash` tells reports apart
  // that say different things (wire::LayerReportIdentity).
  virtual absl::Status Put(const LayerKey& key, std::string_view report,
                           std::string_view hash, absl::Time now) = 0;
  // Sets both reports aside.
  virtual absl::Status Quarantine(const LayerKey& key,
                                  std::string_view conflicting) = 0;
  // Removes the tenant's reports that were stored before `before` and that no
  // image names.
  virtual absl::Status ForgetUnused(RowId tenant, absl::Time before) = 0;

  // The claim on the layer, if the lease that took it is alive at `now`.
  virtual absl::StatusOr<std::optional<LayerClaim>> FindClaim(
      const LayerKey& key, absl::Time now) = 0;
  // Takes the claim, from whoever had it.
  virtual absl::Status PutClaim(const LayerKey& key,
                                const LayerClaim& claim) = 0;
  virtual absl::Status ReleaseClaims(RowId item) = 0;
};

class TaskTable {
 public:
  virtual ~TaskTable() = default;
  // Sets id and tenant_id of the row. REQUIRES: the uid is not known.
  virtual absl::Status Insert(TaskRow& task,
                              const std::vector<RowId>& registries) = 0;
  virtual absl::StatusOr<std::optional<TaskRow>> Find(
      const model::Tenant& tenant, std::string_view uid) = 0;
  // NOT_FOUND if there is none.
  virtual absl::StatusOr<TaskRow> Get(RowId id) = 0;
  // Writes the status and the counters.
  virtual absl::Status Update(const TaskRow& task) = 0;
  // The task's registries that are left.
  virtual absl::StatusOr<std::vector<RowId>> Registries(RowId task) = 0;
  // Active tasks whose deadline is at or before `now`, at most `limit`.
  virtual absl::StatusOr<std::vector<RowId>> Overdue(absl::Time now,
                                                     size_t limit) = 0;
  // Active tasks of the registry.
  virtual absl::StatusOr<std::vector<RowId>> ActiveOf(RowId registry) = 0;
  virtual absl::Status Delete(RowId task) = 0;

  // `rank`: smaller is shown first.
  virtual absl::Status AddFailure(RowId task, int rank,
                                  const model::TaskFailure& failure) = 0;
  // The first `limit`, and in `omitted` how many more there are.
  virtual absl::StatusOr<std::vector<model::TaskFailure>> Failures(
      RowId task, size_t limit, uint64_t& omitted) = 0;
  // The log keeps the newest kMaxLogLines.
  static constexpr size_t kMaxLogLines = 10000;
  virtual absl::Status AddLog(RowId task, absl::Time now,
                              std::string_view message) = 0;
  // The newest `limit`, oldest first.
  virtual absl::StatusOr<std::vector<model::LogLine>> Log(RowId task,
                                                          size_t limit) = 0;
};

class ItemTable {
 public:
  virtual ~ItemTable() = default;
  // Returns whether it is new: a task has one item for a (registry, kind,
  // repository, digest).
  virtual absl::StatusOr<bool> Insert(const ItemRow& item) = 0;
  virtual absl::StatusOr<std::optional<ItemRow>> Find(RowId id) = 0;
  virtual absl::Status Update(const ItemRow& item) = 0;
  // Leased items whose lease ended at or before `now`, at most `limit`.
  virtual absl::StatusOr<std::vector<ItemRow>> Expired(absl::Time now,
                                                       size_t limit) = 0;
  // The task's items in this state, behind the id `after`.
  virtual absl::StatusOr<std::vector<ItemRow>> InState(RowId task,
                                                       ItemState state,
                                                       RowId after,
                                                       size_t limit) = 0;
  // Whether the task has ready or leased items; with `listings`, of those
  // kinds.
  virtual absl::StatusOr<bool> HasOpen(RowId task, bool listings) = 0;
  // Names of the repositories whose kListTags item is done.
  virtual absl::StatusOr<std::vector<std::string>> ListedRepositories(
      RowId task, RowId registry) = 0;
  // Each task with open items at the registry.
  virtual absl::StatusOr<std::vector<TaskLoad>> Loads(RowId registry,
                                                      absl::Time now) = 0;
  // The first item that could be leased now: of these kinds, and no image
  // that another lease is at.
  virtual absl::StatusOr<std::optional<ItemRow>> Head(RowId task,
                                                      RowId registry,
                                                      bool listings, bool scans,
                                                      absl::Time now) = 0;
};

}  // namespace landwaiter::analyzer::store

#endif  // LANDWAITER_ANALYZER_STORE_TABLES_H_
