#include "analyzer/store/sqlite/codec.h"
#include "analyzer/store/sqlite/tables.h"
#include "core/base/failure.h"

namespace landwaiter::analyzer::store::sqlite {
namespace {

// An image goes only when no open item is at it.
#define LANDWAITER_NO_OPEN_ITEM                                           \
  "NOT EXISTS (SELECT 1 FROM items x WHERE x.registry = images.registry " \
  "AND x.state IN (1, 2) AND x.repository = images.repository "           \
  "AND x.digest = images.digest) "

}  // namespace

absl::StatusOr<RowId> SqliteCatalog::PutRepository(RowId registry,
                                                   std::string_view name,
                                                   uint64_t seq,
                                                   absl::Time now) {
  LANDWAITER_RETURN_IF_ERROR(
      Query(db_,
            "INSERT INTO repositories (tenant, registry, name, first_seen, "
            "seen) SELECT tenant, id, ?2, ?4, ?3 FROM registries WHERE id = ?1 "
            "ON CONFLICT (registry, name) DO UPDATE SET seen = max(seen, ?3)",
            registry, name, seq, now)
          .Run());
  Query query(db_,
              "SELECT id FROM repositories WHERE registry = ?1 AND name = ?2",
              registry, name);
  return Scalar(query);
}

absl::StatusOr<std::optional<RowId>> SqliteCatalog::FindRepository(
    RowId registry, std::string_view name) {
  Query query(db_,
              "SELECT id FROM repositories WHERE registry = ?1 AND name = ?2",
              registry, name);
  std::optional<RowId> id;
  if (query.Next()) id = query.Int();
  LANDWAITER_RETURN_IF_ERROR(query.status());
  return id;
}

absl::StatusOr<ListedState> SqliteCatalog::Listed(RowId repository) {
  Query query(db_,
              "SELECT listed_state, listed_at FROM repositories WHERE id = ?1",
              repository);
  ListedState listed;
  if (query.Next()) {
    listed.state = query.Text();
    listed.at = query.Time();
  }
  LANDWAITER_RETURN_IF_ERROR(query.status());
  return listed;
}

absl::Status SqliteCatalog::SetListed(RowId repository,
                                      const ListedState& listed) {
  return Query(db_,
               "UPDATE repositories SET listed_state = ?2, listed_at = ?3 "
               "WHERE id = ?1",
               repository, listed.state, listed.at)
      .Run();
}

absl::Status SqliteCatalog::ForgetRepositories(RowId registry, uint64_t seq) {
  LANDWAITER_RETURN_IF_ERROR(
      Query(db_,
            "DELETE FROM images WHERE registry = ?1 AND repository IN "
            "(SELECT name FROM repositories WHERE registry = ?1 AND seen < ?2) "
            "AND " LANDWAITER_NO_OPEN_ITEM,
            registry, seq)
          .Run());
  return Query(db_,
               "DELETE FROM repositories WHERE registry = ?1 AND seen < ?2",
               registry, seq)
      .Run();
}

absl::Status SqliteCatalog::PutTag(RowId repository, const model::TagEntry& tag,
                                   uint64_t seq, absl::Time now) {
  LANDWAITER_RETURN_IF_ERROR(
      Query(db_,
            "INSERT INTO tags (tenant, repository, name, digest, first_seen, "
            "moved, seen) SELECT tenant, id, ?2, ?3, ?5, NULL, ?4 "
            "FROM repositories WHERE id = ?1 "
            "ON CONFLICT (repository, name) DO UPDATE SET "
            "moved = CASE WHEN digest = ?3 THEN moved ELSE ?5 END, "
            "digest = ?3, seen = max(seen, ?4)",
            repository, tag.tag, tag.digest.text(), seq, now)
          .Run());
  return Query(db_,
               "UPDATE manifests SET seen = max(seen, ?3) "
               "WHERE repository = ?1 AND digest = ?2",
               repository, tag.digest.text(), seq)
      .Run();
}

absl::Status SqliteCatalog::PutManifest(RowId repository,
                                        const model::ManifestEntry& manifest,
                                        uint64_t seq, absl::Time now) {
  // A digest's content does not change, so children are not replaced; what a
  // registry says beside it (push time, size) may.
  LANDWAITER_RETURN_IF_ERROR(
      Query(db_,
            "INSERT INTO manifests (tenant, repository, digest, media_type, "
            "size, platform, unsupported, pushed, first_seen, seen) "
            "SELECT tenant, id, ?2, ?3, ?4, ?5, ?6, ?7, ?9, ?8 "
            "FROM repositories WHERE id = ?1 "
            "ON CONFLICT (repository, digest) DO UPDATE SET media_type = ?3, "
            "size = ?4, platform = ?5, unsupported = ?6, pushed = ?7, "
            "seen = max(seen, ?8)",
            repository, manifest.digest.text(), manifest.media_type,
            manifest.size, manifest.platform.ToString(), manifest.unsupported,
            manifest.pushed, seq, now)
          .Run());
  return PutChildren(repository, manifest);
}

absl::Status SqliteCatalog::PutChildren(RowId repository,
                                        const model::ManifestEntry& manifest) {
  int64_t position = 0;
  for (const model::Descriptor& child : manifest.children) {
    LANDWAITER_RETURN_IF_ERROR(
        Query(db_,
              "INSERT OR IGNORE INTO manifest_children (tenant, repository, "
              "parent, position, digest, media_type, size, platform, "
              "artifact_type, attestation) SELECT tenant, id, ?2, ?3, ?4, ?5, "
              "?6, ?7, ?8, ?9 FROM repositories WHERE id = ?1",
              repository, manifest.digest.text(), position++,
              child.digest.text(), child.media_type, child.size,
              child.platform.ToString(), child.artifact_type, child.attestation)
            .Run());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<model::Digest>> SqliteCatalog::UnknownManifests(
    RowId repository, uint64_t seq, size_t limit) {
  Query query(db_,
              "SELECT DISTINCT t.digest FROM tags t WHERE t.repository = ?1 "
              "AND t.seen >= ?2 AND NOT EXISTS (SELECT 1 FROM manifests m "
              "WHERE m.repository = t.repository AND m.digest = t.digest) "
              "ORDER BY t.digest LIMIT ?3",
              repository, seq, limit);
  std::vector<model::Digest> digests;
  while (query.Next()) digests.push_back(ToDigest(query.Text()));
  LANDWAITER_RETURN_IF_ERROR(query.status());
  return digests;
}

absl::StatusOr<bool> SqliteCatalog::HasManifest(RowId repository,
                                                const model::Digest& digest) {
  Query query(db_,
              "SELECT 1 FROM manifests WHERE repository = ?1 AND digest = ?2",
              repository, digest.text());
  LANDWAITER_ASSIGN_OR_RETURN(const int64_t found, Scalar(query));
  return found != 0;
}

absl::Status SqliteCatalog::ForgetUnseen(RowId repository, uint64_t seq) {
  std::vector<std::string> gone;
  {
    Query query(db_,
                "SELECT digest FROM manifests WHERE repository = ?1 AND "
                "seen < ?2 UNION SELECT c.digest FROM manifest_children c "
                "JOIN manifests m ON m.repository = c.repository "
                "AND m.digest = c.parent WHERE m.repository = ?1 "
                "AND m.seen < ?2",
                repository, seq);
    while (query.Next()) gone.push_back(query.Text());
    LANDWAITER_RETURN_IF_ERROR(query.status());
  }
  LANDWAITER_RETURN_IF_ERROR(
      Query(db_, "DELETE FROM tags WHERE repository = ?1 AND seen < ?2",
            repository, seq)
          .Run());
  LANDWAITER_RETURN_IF_ERROR(
      Query(db_, "DELETE FROM manifests WHERE repository = ?1 AND seen < ?2",
            repository, seq)
          .Run());
  for (const std::string& digest : gone) {
    LANDWAITER_RETURN_IF_ERROR(
        Query(db_,
              "DELETE FROM images WHERE (registry, repository) = "
              "(SELECT registry, name FROM repositories WHERE id = ?1) "
              "AND digest = ?2 AND NOT EXISTS (SELECT 1 FROM manifests "
              "WHERE repository = ?1 AND digest = ?2) AND NOT EXISTS "
              "(SELECT 1 FROM manifest_children WHERE repository = ?1 "
              "AND digest = ?2) AND " LANDWAITER_NO_OPEN_ITEM,
              repository, digest)
            .Run());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<RepositoryView>> SqliteCatalog::View(
    RowId registry, std::string_view name) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::optional<RowId> id,
                              FindRepository(registry, name));
  if (!id) return std::nullopt;
  RepositoryView view{.name = std::string(name)};
  LANDWAITER_RETURN_IF_ERROR(ReadTags(*id, view));
  LANDWAITER_RETURN_IF_ERROR(ReadManifests(*id, view));
  return view;
}

absl::Status SqliteCatalog::ReadTags(RowId repository, RepositoryView& view) {
  Query query(db_,
              "SELECT name, digest, first_seen, moved FROM tags "
              "WHERE repository = ?1 ORDER BY name",
              repository);
  while (query.Next()) {
    TagRow& tag = view.tags.emplace_back();
    tag.tag = query.Text();
    tag.digest = ToDigest(query.Text());
    tag.first_seen = query.Time();
    tag.moved = query.OptionalTime();
  }
  return query.status();
}

absl::Status SqliteCatalog::ReadManifests(RowId repository,
                                          RepositoryView& view) {
  Query query(db_,
              "SELECT digest, media_type, size, platform, unsupported, pushed, "
              "first_seen FROM manifests WHERE repository = ?1 ORDER BY digest",
              repository);
  while (query.Next()) {
    ManifestRow& row = view.manifests.emplace_back();
    row.entry.digest = ToDigest(query.Text());
    row.entry.media_type = query.Text();
    row.entry.size = query.Uint();
    row.entry.platform = model::Platform::Parse(query.Text());
    row.entry.unsupported = query.Text();
    row.entry.pushed = query.OptionalTime();
    row.first_seen = query.Time();
  }
  LANDWAITER_RETURN_IF_ERROR(query.status());
  for (ManifestRow& row : view.manifests) {
    Query children(db_,
                   "SELECT digest, media_type, size, platform, artifact_type, "
                   "attestation FROM manifest_children WHERE repository = ?1 "
                   "AND parent = ?2 ORDER BY position",
                   repository, row.entry.digest.text());
    while (children.Next()) {
      model::Descriptor& child = row.entry.children.emplace_back();
      child.digest = ToDigest(children.Text());
      child.media_type = children.Text();
      child.size = children.Uint();
      child.platform = model::Platform::Parse(children.Text());
      child.artifact_type = children.Text();
      child.attestation = children.Bool();
    }
    LANDWAITER_RETURN_IF_ERROR(children.status());
  }
  return absl::OkStatus();
}

}  // namespace landwaiter::analyzer::store::sqlite
