#ifndef LANDWAITER_ANALYZER_STORE_SQLITE_TABLES_H_
#define LANDWAITER_ANALYZER_STORE_SQLITE_TABLES_H_

#include "analyzer/store/sqlite/connection.h"
#include "analyzer/store/store.h"

// The store's tables on SQLite: one .cc file each.
namespace landwaiter::analyzer::store::sqlite {

// Ten columns: five of the system, five of applications.
inline model::VulnerabilityCounts ReadVulnerabilityCounts(Query& query) {
  const auto read = [&] {
    return model::SeverityCounts{.critical = query.Uint(),
                                 .high = query.Uint(),
                                 .medium = query.Uint(),
                                 .low = query.Uint(),
                                 .unknown = query.Uint()};
  };
  model::VulnerabilityCounts counts;
  counts.system = read();
  counts.application = read();
  return counts;
}

class SqliteRegistries : public RegistryTable {
 public:
  explicit SqliteRegistries(Connection& db) : db_(db) {}
  absl::StatusOr<RowId> Put(const model::Tenant& tenant,
                            const model::RegistrySpec& spec) override;
  absl::StatusOr<std::optional<RegistryRow>> Find(
      const model::Tenant& tenant, std::string_view uid) override;
  absl::StatusOr<RegistryRow> Get(RowId id) override;
  absl::StatusOr<std::vector<RegistryRow>> Working() override;
  absl::Status SetLastSync(RowId id, absl::Time time) override;
  absl::Status SetPausedUntil(RowId id, absl::Time time) override;
  absl::Status SetIdleSince(RowId id, absl::Time time) override;
  absl::StatusOr<model::RegistryStatus> Summary(RowId id) override;
  absl::Status Delete(RowId id) override;
  absl::Status AddCharge(RowId id, absl::Time time) override;
  absl::StatusOr<std::vector<absl::Time>> Charges(RowId id,
                                                  absl::Time since) override;

 private:
  Connection& db_;
};

class SqliteCatalog : public CatalogTable {
 public:
  explicit SqliteCatalog(Connection& db) : db_(db) {}
  absl::StatusOr<RowId> PutRepository(RowId registry, std::string_view name,
                                      uint64_t seq, absl::Time now) override;
  absl::StatusOr<std::optional<RowId>> FindRepository(
      RowId registry, std::string_view name) override;
  absl::StatusOr<ListedState> Listed(RowId repository) override;
  absl::Status SetListed(RowId repository, const ListedState& listed) override;
  absl::Status ForgetRepositories(RowId registry, uint64_t seq) override;
  absl::Status PutTag(RowId repository, const model::TagEntry& tag,
                      uint64_t seq, absl::Time now) override;
  absl::Status PutManifest(RowId repository,
                           const model::ManifestEntry& manifest, uint64_t seq,
                           absl::Time now) override;
  absl::StatusOr<std::vector<model::Digest>> UnknownManifests(
      RowId repository, uint64_t seq, size_t limit) override;
  absl::StatusOr<bool> HasManifest(RowId repository,
                                   const model::Digest& digest) override;
  absl::Status ForgetUnseen(RowId repository, uint64_t seq) override;
  absl::StatusOr<std::optional<RepositoryView>> View(
      RowId registry, std::string_view name) override;

 private:
  absl::Status PutChildren(RowId repository,
                           const model::ManifestEntry& manifest);
  absl::Status ReadTags(RowId repository, RepositoryView& view);
  absl::Status ReadManifests(RowId repository, RepositoryView& view);
  Connection& db_;
};

class SqliteImages : public ImageTable {
 public:
  explicit SqliteImages(Connection& db) : db_(db) {}
  absl::StatusOr<std::optional<ImageRow>> Find(const ImageKey& key) override;
  absl::StatusOr<ImageRow> Get(RowId image) override;
  absl::StatusOr<RowId> PutFacts(const ImageKey& key,
                                 const model::ImageFacts& facts) override;
  absl::StatusOr<model::ImageFacts> Facts(RowId image) override;
  absl::Status PutResult(RowId image, const ScanResult& result,
                         uint32_t report_version, absl::Time now) override;
  absl::Status PutFindings(RowId image,
                           const std::vector<model::Finding>& findings,
                           bool no_advisory_data,
                           std::string_view message) override;
  absl::StatusOr<model::Inventory> Inventory(RowId image) override;
  absl::StatusOr<std::vector<model::Finding>> Findings(RowId image,
                                                       size_t limit) override;
  absl::StatusOr<std::vector<ImageFinding>> Page(RowId registry,
                                                 std::string_view repository,
                                                 std::string_view digest,
                                                 size_t limit,
                                                 std::string& cursor) override;
  absl::StatusOr<std::vector<RowId>> Scanned(RowId after,
                                             size_t limit) override;
  absl::Status ForgetOfTask(RowId task) override;
  absl::Status MarkStale(const LayerKey& layer) override;
  absl::StatusOr<bool> CountQuota(RowId tenant, const model::Digest& digest,
                                  absl::Time now) override;

 private:
  absl::Status PutNames(const model::Finding& finding);
  absl::Status PutPackages(RowId image,
                           const std::vector<model::InstalledPackage>& list);
  Connection& db_;
};

class SqliteMatches : public MatchTable {
 public:
  explicit SqliteMatches(Connection& db) : db_(db) {}
  absl::Status PutLookups(RowId image,
                          const std::vector<Lookup>& lookups) override;
  absl::StatusOr<std::vector<RowId>> LookedUp(const Lookup& lookup) override;
  absl::StatusOr<std::vector<RowId>> Affected(std::string_view id) override;
  absl::Status AddChange(const FindingChange& change, absl::Time now) override;
  absl::StatusOr<std::vector<NewlyAffected>> NewlyAffectedSince(
      absl::Time since, size_t limit) override;
  absl::StatusOr<std::vector<PackageVersion>> Versions(
      std::string_view package) override;
  absl::StatusOr<std::vector<Place>> PackagePlaces(
      std::string_view package, const PackageVersion& version) override;
  absl::StatusOr<std::vector<std::string>> FindingIds(
      std::string_view name) override;
  absl::StatusOr<std::vector<Place>> FindingPlaces(
      std::string_view id) override;
  absl::StatusOr<PlaceView> ViewPackage(const Place& place) override;
  absl::StatusOr<PlaceView> ViewFinding(const Place& place) override;

 private:
  absl::StatusOr<std::vector<Lookup>> LookupsOf(RowId image);
  absl::StatusOr<RowId> PutLookup(const Lookup& lookup);
  Connection& db_;
};

class SqliteLayers : public LayerTable {
 public:
  explicit SqliteLayers(Connection& db) : db_(db) {}
  absl::StatusOr<std::optional<LayerRow>> Find(const LayerKey& key) override;
  absl::StatusOr<std::string> Report(const LayerKey& key) override;
  absl::Status Put(const LayerKey& key, std::string_view report,
                   std::string_view hash, absl::Time now) override;
  absl::Status Quarantine(const LayerKey& key,
                          std::string_view conflicting) override;
  absl::Status ForgetUnused(RowId tenant, absl::Time before) override;
  absl::StatusOr<std::optional<LayerClaim>> FindClaim(const LayerKey& key,
                                                      absl::Time now) override;
  absl::Status PutClaim(const LayerKey& key, const LayerClaim& claim) override;
  absl::Status ReleaseClaims(RowId item) override;

 private:
  Connection& db_;
};

class SqliteTasks : public TaskTable {
 public:
  explicit SqliteTasks(Connection& db) : db_(db) {}
  absl::Status Insert(TaskRow& task,
                      const std::vector<RowId>& registries) override;
  absl::StatusOr<std::optional<TaskRow>> Find(const model::Tenant& tenant,
                                              std::string_view uid) override;
  absl::StatusOr<TaskRow> Get(RowId id) override;
  absl::Status Update(const TaskRow& task) override;
  absl::StatusOr<std::vector<RowId>> Registries(RowId task) override;
  absl::StatusOr<std::vector<RowId>> Overdue(absl::Time now,
                                             size_t limit) override;
  absl::StatusOr<std::vector<RowId>> ActiveOf(RowId registry) override;
  absl::Status Delete(RowId task) override;
  absl::Status AddFailure(RowId task, int rank,
                          const model::TaskFailure& failure) override;
  absl::StatusOr<std::vector<model::TaskFailure>> Failures(
      RowId task, size_t limit, uint64_t& omitted) override;
  absl::Status AddLog(RowId task, absl::Time now,
                      std::string_view message) override;
  absl::StatusOr<std::vector<model::LogLine>> Log(RowId task,
                                                  size_t limit) override;

 private:
  Connection& db_;
};

class SqliteItems : public ItemTable {
 public:
  explicit SqliteItems(Connection& db) : db_(db) {}
  absl::StatusOr<bool> Insert(const ItemRow& item) override;
  absl::StatusOr<std::optional<ItemRow>> Find(RowId id) override;
  absl::Status Update(const ItemRow& item) override;
  absl::StatusOr<std::vector<ItemRow>> Expired(absl::Time now,
                                               size_t limit) override;
  absl::StatusOr<std::vector<ItemRow>> InState(RowId task, ItemState state,
                                               RowId after,
                                               size_t limit) override;
  absl::StatusOr<bool> HasOpen(RowId task, bool listings) override;
  absl::StatusOr<std::vector<std::string>> ListedRepositories(
      RowId task, RowId registry) override;
  absl::StatusOr<std::vector<TaskLoad>> Loads(RowId registry,
                                              absl::Time now) override;
  absl::StatusOr<std::optional<ItemRow>> Head(RowId task, RowId registry,
                                              bool listings, bool scans,
                                              absl::Time now) override;

 private:
  Connection& db_;
};

// The store's short name of the tenant, made if need be.
absl::StatusOr<RowId> TenantId(Connection& db, const model::Tenant& tenant);
// The first value of a query of at most one row; 0 without a row.
absl::StatusOr<int64_t> Scalar(Query& query);
// The first column of each row.
absl::StatusOr<std::vector<RowId>> Ids(Query& query);

}  // namespace landwaiter::analyzer::store::sqlite

#endif  // LANDWAITER_ANALYZER_STORE_SQLITE_TABLES_H_
