#include "analyzer/store/sqlite/codec.h"
#include "analyzer/store/sqlite/tables.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::store::sqlite {
namespace {

#define LANDWAITER_IMAGE_COLUMNS                                        \
  "id, tenant, registry, repository, digest, scanned_at, "              \
  "report_version, no_advisory_data, message, critical, high, medium, " \
  "low, unknown, app_critical, app_high, app_medium, app_low, app_unknown "

ImageRow ReadRow(Query& query) {
  ImageRow row;
  row.id = query.Int();
  row.tenant_id = query.Int();
  row.key.registry = query.Int();
  row.key.repository = query.Text();
  row.key.digest = ToDigest(query.Text());
  row.scanned_at = query.OptionalTime();
  row.report_version = static_cast<uint32_t>(query.Uint());
  row.no_advisory_data = query.Bool();
  row.message = query.Text();
  row.vulnerabilities = ReadVulnerabilityCounts(query);
  return row;
}

}  // namespace

absl::StatusOr<std::optional<ImageRow>> SqliteImages::Find(
    const ImageKey& key) {
  Query query(db_,
              "SELECT " LANDWAITER_IMAGE_COLUMNS
              "FROM images WHERE registry = ?1 AND repository = ?2 AND "
              "digest = ?3",
              key.registry, key.repository, key.digest.text());
  std::optional<ImageRow> row;
  if (query.Next()) row = ReadRow(query);
  LANDWAITER_RETURN_IF_ERROR(query.status());
  return row;
}

absl::StatusOr<ImageRow> SqliteImages::Get(RowId image) {
  Query query(db_,
              "SELECT " LANDWAITER_IMAGE_COLUMNS "FROM images WHERE id = ?1",
              image);
  if (query.Next()) return ReadRow(query);
  LANDWAITER_RETURN_IF_ERROR(query.status());
  return absl::NotFoundError("the image is not known");
}

absl::StatusOr<RowId> SqliteImages::PutFacts(const ImageKey& key,
                                             const model::ImageFacts& facts) {
  LANDWAITER_RETURN_IF_ERROR(
      Query(db_,
            "INSERT INTO images (tenant, registry, repository, digest, "
            "media_type, platform, created, run_as, configuration) SELECT "
            "tenant, id, ?2, ?3, ?4, ?5, ?6, ?7, ?8 FROM registries "
            "WHERE id = ?1 "
            "ON CONFLICT (registry, repository, digest) DO UPDATE SET "
            "media_type = ?4, platform = ?5, created = ?6, run_as = ?7, "
            "configuration = ?8",
            key.registry, key.repository, key.digest.text(), facts.media_type,
            facts.config.platform.ToString(), facts.config.created,
            facts.config.user, EncodeConfig(facts.config))
          .Run());
  Query query(db_,
              "SELECT id FROM images WHERE registry = ?1 AND repository = ?2 "
              "AND digest = ?3",
              key.registry, key.repository, key.digest.text());
  LANDWAITER_ASSIGN_OR_RETURN(const RowId image, Scalar(query));
  LANDWAITER_RETURN_IF_ERROR(
      Query(db_, "DELETE FROM image_layers WHERE image = ?1", image).Run());
  int64_t position = 0;
  for (const model::LayerRef& layer : facts.layers) {
    LANDWAITER_RETURN_IF_ERROR(
        Query(db_,
              "INSERT INTO image_layers (tenant, image, position, digest, "
              "diff_id, media_type, size, is_foreign) SELECT tenant, id, ?2, "
              "?3, ?4, ?5, ?6, ?7 FROM images WHERE id = ?1",
              image, position++, layer.blob.digest.text(), layer.diff_id.text(),
              layer.blob.media_type, layer.blob.size, layer.blob.foreign)
            .Run());
  }
  return image;
}

absl::StatusOr<model::ImageFacts> SqliteImages::Facts(RowId image) {
  model::ImageFacts facts;
  Query query(
      db_,
      "SELECT digest, media_type, platform, created, run_as, configuration "
      "FROM images WHERE id = ?1",
      image);
  if (!query.Next()) {
    LANDWAITER_RETURN_IF_ERROR(query.status());
    return absl::NotFoundError("the image is not known");
  }
  facts.manifest = ToDigest(query.Text());
  facts.media_type = query.Text();
  const std::string platform = query.Text();
  const std::string created = query.Text();
  const std::string user = query.Text();
  facts.config = DecodeConfig(query.Text());
  facts.config.platform = model::Platform::Parse(platform);
  facts.config.created = created;
  facts.config.user = user;
  Query layers(db_,
               "SELECT digest, diff_id, media_type, size, is_foreign "
               "FROM image_layers WHERE image = ?1 ORDER BY position",
               image);
  while (layers.Next()) {
    model::LayerRef& layer = facts.layers.emplace_back();
    layer.blob.digest = ToDigest(layers.Text());
    layer.diff_id = ToDigest(layers.Text());
    layer.blob.media_type = layers.Text();
    layer.blob.size = layers.Uint();
    layer.blob.foreign = layers.Bool();
  }
  LANDWAITER_RETURN_IF_ERROR(layers.status());
  return facts;
}

absl::Status SqliteImages::PutResult(RowId image, const ScanResult& result,
                                     uint32_t report_version, absl::Time now) {
  LANDWAITER_RETURN_IF_ERROR(
      Query(db_,
            "UPDATE images SET scanned_at = ?2, report_version = ?3, os = ?4, "
            "problems = ?5 WHERE id = ?1",
            image, now, report_version, EncodeOs(result.inventory.os),
            EncodeList(result.inventory.problems))
          .Run());
  LANDWAITER_RETURN_IF_ERROR(PutPackages(image, result.inventory.packages));
  LANDWAITER_RETURN_IF_ERROR(
      SqliteMatches(db_).PutLookups(image, result.lookups));
  return PutFindings(image, result.findings, result.no_advisory_data,
                     result.message);
}

absl::Status SqliteImages::PutPackages(
    RowId image, const std::vector<model::InstalledPackage>& list) {
  LANDWAITER_RETURN_IF_ERROR(
      Query(db_, "DELETE FROM packages WHERE image = ?1", image).Run());
  int64_t position = 0;
  for (const model::InstalledPackage& installed : list) {
    const model::Package& package = installed.package;
    LANDWAITER_RETURN_IF_ERROR(
        Query(db_,
              "INSERT INTO packages (tenant, image, position, type, name, "
              "version, architecture, source_name, source_version, module, "
              "vendor, licenses, path, layer, location, is_declared, "
              "is_development, is_owned) SELECT tenant, id, ?2, ?3, ?4, "
              "?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17 "
              "FROM images WHERE id = ?1",
              image, position++, package.type, package.name, package.version,
              package.architecture, package.source_name, package.source_version,
              package.module, package.vendor, EncodeList(package.licenses),
              installed.path, installed.layer.text(), package.location,
              package.declared, package.development, installed.owned)
            .Run());
  }
  return absl::OkStatus();
}

absl::StatusOr<model::Inventory> SqliteImages::Inventory(RowId image) {
  model::Inventory inventory;
  Query query(db_,
              "SELECT os, problems FROM images WHERE id = ?1 "
              "AND scanned_at IS NOT NULL",
              image);
  if (!query.Next()) {
    LANDWAITER_RETURN_IF_ERROR(query.status());
    return absl::NotFoundError("the image is not scanned");
  }
  inventory.os = DecodeOs(query.Text());
  inventory.problems = DecodeList(query.Text());
  LANDWAITER_ASSIGN_OR_RETURN(model::ImageFacts facts, Facts(image));
  inventory.manifest = facts.manifest;
  inventory.config = std::move(facts.config);
  inventory.layers = std::move(facts.layers);
  Query packages(db_,
                 "SELECT type, name, version, architecture, source_name, "
                 "source_version, module, vendor, licenses, path, layer, "
                 "location, is_declared, is_development, is_owned "
                 "FROM packages WHERE image = ?1 ORDER BY position",
                 image);
  while (packages.Next()) {
    model::InstalledPackage& installed = inventory.packages.emplace_back();
    model::Package& package = installed.package;
    package.type = packages.Text();
    package.name = packages.Text();
    package.version = packages.Text();
    package.architecture = packages.Text();
    package.source_name = packages.Text();
    package.source_version = packages.Text();
    package.module = packages.Text();
    package.vendor = packages.Text();
    package.licenses = DecodeList(packages.Text());
    installed.path = packages.Text();
    installed.layer = ToDigest(packages.Text());
    package.location = packages.Text();
    package.declared = packages.Bool();
    package.development = packages.Bool();
    installed.owned = packages.Bool();
  }
  LANDWAITER_RETURN_IF_ERROR(packages.status());
  return inventory;
}

absl::StatusOr<std::vector<RowId>> SqliteImages::Scanned(RowId after,
                                                         size_t limit) {
  Query query(db_,
              "SELECT id FROM images WHERE id > ?1 AND scanned_at IS NOT "
              "NULL ORDER BY id LIMIT ?2",
              after, limit);
  return Ids(query);
}

absl::Status SqliteImages::ForgetOfTask(RowId task) {
  return Query(db_,
               "DELETE FROM images WHERE id IN (SELECT im.id FROM items i "
               "JOIN images im ON im.registry = i.registry "
               "AND im.repository = i.repository AND im.digest = i.digest "
               "WHERE i.task = ?1 AND i.digest != '' "
               "AND NOT EXISTS (SELECT 1 FROM items o WHERE o.registry = "
               "i.registry AND o.state BETWEEN 1 AND 5 AND o.repository = "
               "i.repository AND o.digest = i.digest AND o.task != ?1) "
               "AND NOT EXISTS (SELECT 1 FROM repositories r JOIN manifests m "
               "ON m.repository = r.id WHERE r.registry = i.registry "
               "AND r.name = i.repository AND m.digest = i.digest) "
               "AND NOT EXISTS (SELECT 1 FROM repositories r "
               "JOIN manifest_children c ON c.repository = r.id "
               "WHERE r.registry = i.registry AND r.name = i.repository "
               "AND c.digest = i.digest))",
               task)
      .Run();
}

absl::Status SqliteImages::MarkStale(const LayerKey& layer) {
  return Query(db_,
               "UPDATE images SET report_version = 0 WHERE report_version = ?3 "
               "AND id IN (SELECT image FROM image_layers WHERE tenant = ?1 "
               "AND digest = ?2)",
               layer.tenant_id, layer.digest.text(), layer.report_version)
      .Run();
}

absl::StatusOr<bool> SqliteImages::CountQuota(RowId tenant,
                                              const model::Digest& digest,
                                              absl::Time now) {
  LANDWAITER_RETURN_IF_ERROR(
      Query(db_,
            "INSERT OR IGNORE INTO quota_digests (tenant, digest, "
            "first_scanned) VALUES (?1, ?2, ?3)",
            tenant, digest.text(), now)
          .Run());
  return db_.Changes() > 0;
}

}  // namespace landwaiter::analyzer::store::sqlite
