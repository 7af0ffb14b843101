#include "analyzer/store/sqlite/codec.h"
#include "analyzer/store/sqlite/tables.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::store::sqlite {

absl::StatusOr<std::optional<LayerRow>> SqliteLayers::Find(
    const LayerKey& key) {
  Query query(db_,
              "SELECT hash, size, conflicting IS NOT NULL FROM layers "
              "WHERE tenant = ?1 AND digest = ?2 AND report_version = ?3",
              key.tenant_id, key.digest.text(), key.report_version);
  std::optional<LayerRow> row;
  if (query.Next()) {
    row.emplace();
    row->hash = query.Text();
    row->size = query.Uint();
    row->quarantined = query.Bool();
  }
  LANDWAITER_RETURN_IF_ERROR(query.status());
  return row;
}

absl::StatusOr<std::string> SqliteLayers::Report(const LayerKey& key) {
  Query query(db_,
              "SELECT report, size FROM layers "
              "WHERE tenant = ?1 AND digest = ?2 AND report_version = ?3",
              key.tenant_id, key.digest.text(), key.report_version);
  if (!query.Next()) {
    LANDWAITER_RETURN_IF_ERROR(query.status());
    return absl::NotFoundError("the layer is not known");
  }
  const std::string compressed = query.Text();
  auto report = Decompress(compressed, query.Uint());
  if (!report.ok()) {
    return absl::DataLossError(base::StrCat("store: the report of layer ",
                                            key.digest.text(), " is damaged"));
  }
  return report;
}

absl::Status SqliteLayers::Put(const LayerKey& key, std::string_view report,
                               std::string_view hash, absl::Time now) {
  return Query(db_,
               "INSERT INTO layers (tenant, digest, report_version, hash, "
               "size, report, stored) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
               key.tenant_id, key.digest.text(), key.report_version, hash,
               report.size(), Blob{Compress(report)}, now)
      .Run();
}

absl::Status SqliteLayers::Quarantine(const LayerKey& key,
                                      std::string_view conflicting) {
  return Query(db_,
               "UPDATE layers SET conflicting = ?4 WHERE tenant = ?1 "
               "AND digest = ?2 AND report_version = ?3",
               key.tenant_id, key.digest.text(), key.report_version,
               Blob{Compress(conflicting)})
      .Run();
}

absl::Status SqliteLayers::ForgetUnused(RowId tenant, absl::Time before) {
  // The age is looked at last: it is not in the index.
  return Query(db_,
               "DELETE FROM layers WHERE tenant = ?1 AND NOT EXISTS "
               "(SELECT 1 FROM image_layers l WHERE l.tenant = ?1 "
               "AND l.digest = layers.digest) AND stored < ?2",
               tenant, before)
      .Run();
}

absl::StatusOr<std::optional<LayerClaim>> SqliteLayers::FindClaim(
    const LayerKey& key, absl::Time now) {
  Query query(db_,
              "SELECT c.item, c.fence FROM layer_claims c "
              "JOIN items i ON i.id = c.item AND i.fence = c.fence "
              "WHERE c.tenant = ?1 AND c.digest = ?2 AND c.report_version = ?3 "
              "AND i.state = 2 AND i.lease_until > ?4",
              key.tenant_id, key.digest.text(), key.report_version, now);
  std::optional<LayerClaim> claim;
  if (query.Next()) {
    claim.emplace();
    claim->item = query.Int();
    claim->fence = query.Uint();
  }
  LANDWAITER_RETURN_IF_ERROR(query.status());
  return claim;
}

absl::Status SqliteLayers::PutClaim(const LayerKey& key,
                                    const LayerClaim& claim) {
  return Query(db_,
               "INSERT INTO layer_claims (tenant, digest, report_version, "
               "item, fence) VALUES (?1, ?2, ?3, ?4, ?5) "
               "ON CONFLICT (tenant, digest, report_version) "
               "DO UPDATE SET item = ?4, fence = ?5",
               key.tenant_id, key.digest.text(), key.report_version, claim.item,
               claim.fence)
      .Run();
}

absl::Status SqliteLayers::ReleaseClaims(RowId item) {
  return Query(db_, "DELETE FROM layer_claims WHERE item = ?1", item).Run();
}

}  // namespace landwaiter::analyzer::store::sqlite
