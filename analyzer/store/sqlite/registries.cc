#include "analyzer/store/sqlite/codec.h"
#include "analyzer/store/sqlite/tables.h"
#include "core/base/failure.h"

namespace landwaiter::analyzer::store::sqlite {
namespace {

#define LANDWAITER_REGISTRY_COLUMNS                                        \
  "r.id, r.tenant, t.cluster_uid, t.ns, r.uid, r.name, r.host, "           \
  "r.images_per_hour, r.include, r.exclude, r.last_sync, r.paused_until, " \
  "r.idle_since "

RegistryRow ReadRow(Query& query) {
  RegistryRow row;
  row.id = query.Int();
  row.tenant_id = query.Int();
  row.tenant.cluster_uid = query.Text();
  row.tenant.ns = query.Text();
  row.spec.uid = query.Text();
  row.spec.name = query.Text();
  row.spec.host = query.Text();
  row.spec.images_per_hour = static_cast<uint32_t>(query.Uint());
  row.spec.include = DecodeList(query.Text());
  row.spec.exclude = DecodeList(query.Text());
  row.last_sync = query.Time();
  row.paused_until = query.Time();
  row.idle_since = query.Time();
  return row;
}

}  // namespace

absl::StatusOr<RowId> TenantId(Connection& db, const model::Tenant& tenant) {
  LANDWAITER_RETURN_IF_ERROR(Query(db,
                                   "INSERT OR IGNORE INTO tenants "
                                   "(cluster_uid, ns) VALUES (?1, ?2)",
                                   tenant.cluster_uid, tenant.ns)
                                 .Run());
  Query query(db, "SELECT id FROM tenants WHERE cluster_uid = ?1 AND ns = ?2",
              tenant.cluster_uid, tenant.ns);
  return Scalar(query);
}

absl::StatusOr<int64_t> Scalar(Query& query) {
  const int64_t value = query.Next() ? query.Int() : 0;
  LANDWAITER_RETURN_IF_ERROR(query.status());
  return value;
}

absl::StatusOr<std::vector<RowId>> Ids(Query& query) {
  std::vector<RowId> ids;
  while (query.Next()) ids.push_back(query.Int());
  LANDWAITER_RETURN_IF_ERROR(query.status());
  return ids;
}

absl::StatusOr<RowId> SqliteRegistries::Put(const model::Tenant& tenant,
                                            const model::RegistrySpec& spec) {
  LANDWAITER_ASSIGN_OR_RETURN(const RowId tenant_id, TenantId(db_, tenant));
  LANDWAITER_RETURN_IF_ERROR(
      Query(db_,
            "INSERT INTO registries (tenant, uid, name, host, "
            "images_per_hour, include, exclude, last_sync, paused_until, "
            "idle_since) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?8) "
            "ON CONFLICT (tenant, uid) DO UPDATE SET name = ?3, host = ?4, "
            "images_per_hour = ?5, include = ?6, exclude = ?7",
            tenant_id, spec.uid, spec.name, spec.host, spec.images_per_hour,
            EncodeList(spec.include), EncodeList(spec.exclude),
            absl::InfinitePast())
          .Run());
  Query query(db_, "SELECT id FROM registries WHERE tenant = ?1 AND uid = ?2",
              tenant_id, spec.uid);
  return Scalar(query);
}

absl::StatusOr<std::optional<RegistryRow>> SqliteRegistries::Find(
    const model::Tenant& tenant, std::string_view uid) {
  Query query(db_,
              "SELECT " LANDWAITER_REGISTRY_COLUMNS
              "FROM registries r JOIN tenants t ON t.id = r.tenant "
              "WHERE t.cluster_uid = ?1 AND t.ns = ?2 AND r.uid = ?3",
              tenant.cluster_uid, tenant.ns, uid);
  std::optional<RegistryRow> row;
  if (query.Next()) row = ReadRow(query);
  LANDWAITER_RETURN_IF_ERROR(query.status());
  return row;
}

absl::StatusOr<RegistryRow> SqliteRegistries::Get(RowId id) {
  Query query(db_,
              "SELECT " LANDWAITER_REGISTRY_COLUMNS
              "FROM registries r JOIN tenants t ON t.id = r.tenant "
              "WHERE r.id = ?1",
              id);
  if (query.Next()) return ReadRow(query);
  LANDWAITER_RETURN_IF_ERROR(query.status());
  return absl::NotFoundError("the registry is not known");
}

absl::StatusOr<std::vector<RegistryRow>> SqliteRegistries::Working() {
  Query query(db_,
              "SELECT " LANDWAITER_REGISTRY_COLUMNS
              "FROM registries r JOIN tenants t ON t.id = r.tenant "
              "WHERE EXISTS (SELECT 1 FROM items i WHERE i.registry = r.id "
              "AND i.state IN (1, 2)) ORDER BY r.id");
  std::vector<RegistryRow> rows;
  while (query.Next()) rows.push_back(ReadRow(query));
  LANDWAITER_RETURN_IF_ERROR(query.status());
  return rows;
}

absl::Status SqliteRegistries::SetLastSync(RowId id, absl::Time time) {
  return Query(db_, "UPDATE registries SET last_sync = ?2 WHERE id = ?1", id,
               time)
      .Run();
}

absl::Status SqliteRegistries::SetPausedUntil(RowId id, absl::Time time) {
  return Query(db_, "UPDATE registries SET paused_until = ?2 WHERE id = ?1", id,
               time)
      .Run();
}

absl::Status SqliteRegistries::SetIdleSince(RowId id, absl::Time time) {
  return Query(db_, "UPDATE registries SET idle_since = ?2 WHERE id = ?1", id,
               time)
      .Run();
}

absl::StatusOr<model::RegistryStatus> SqliteRegistries::Summary(RowId id) {
  model::RegistryStatus status;
  Query repositories(
      db_, "SELECT count(*) FROM repositories WHERE registry = ?1", id);
  LANDWAITER_ASSIGN_OR_RETURN(status.repositories, Scalar(repositories));
  // Platform images: manifests that are images, and children of indexes.
  Query images(
      db_,
      "SELECT count(*) FROM ("
      "SELECT m.repository, m.digest FROM manifests m "
      "JOIN repositories r ON r.id = m.repository WHERE r.registry = ?1 "
      "AND m.unsupported = '' AND NOT EXISTS (SELECT 1 FROM manifest_children "
      "c WHERE c.repository = m.repository AND c.parent = m.digest) "
      "UNION SELECT c.repository, c.digest FROM manifest_children c "
      "JOIN repositories r ON r.id = c.repository WHERE r.registry = ?1 "
      "AND c.attestation = 0 AND c.artifact_type = '')",
      id);
  LANDWAITER_ASSIGN_OR_RETURN(status.images, Scalar(images));
  Query counts(db_,
               "SELECT total(critical), total(high), total(medium), "
               "total(low), total(unknown), total(app_critical), "
               "total(app_high), total(app_medium), total(app_low), "
               "total(app_unknown) FROM images WHERE registry = ?1",
               id);
  if (counts.Next()) status.vulnerabilities = ReadVulnerabilityCounts(counts);
  LANDWAITER_RETURN_IF_ERROR(counts.status());
  return status;
}

absl::Status SqliteRegistries::Delete(RowId id) {
  // Layer reports are shared in the tenant: those go that no image of another
  // registry names.
  LANDWAITER_RETURN_IF_ERROR(
      Query(db_,
            "DELETE FROM layers WHERE rowid IN (SELECT l.rowid FROM images i "
            "JOIN image_layers il ON il.image = i.id JOIN layers l "
            "ON l.tenant = il.tenant AND l.digest = il.digest "
            "WHERE i.registry = ?1 AND NOT EXISTS (SELECT 1 FROM image_layers "
            "o JOIN images oi ON oi.id = o.image WHERE o.tenant = il.tenant "
            "AND o.digest = il.digest AND oi.registry != ?1))",
            id)
          .Run());
  return Query(db_, "DELETE FROM registries WHERE id = ?1", id).Run();
}

absl::Status SqliteRegistries::AddCharge(RowId id, absl::Time time) {
  LANDWAITER_RETURN_IF_ERROR(
      Query(db_, "DELETE FROM charges WHERE registry = ?1 AND time < ?2", id,
            time - absl::Hours(24))
          .Run());
  return Query(db_,
               "INSERT INTO charges (tenant, registry, time) SELECT tenant, "
               "id, ?2 FROM registries WHERE id = ?1",
               id, time)
      .Run();
}

absl::StatusOr<std::vector<absl::Time>> SqliteRegistries::Charges(
    RowId id, absl::Time since) {
  Query query(db_,
              "SELECT time FROM charges WHERE registry = ?1 AND time > ?2 "
              "ORDER BY time",
              id, since);
  std::vector<absl::Time> times;
  while (query.Next()) times.push_back(query.Time());
  LANDWAITER_RETURN_IF_ERROR(query.status());
  return times;
}

}  // namespace landwaiter::analyzer::store::sqlite
