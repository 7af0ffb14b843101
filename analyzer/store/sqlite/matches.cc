#include <utility>

#include "analyzer/store/sqlite/codec.h"
#include "analyzer/store/sqlite/tables.h"
#include "core/base/failure.h"

// What connects images with advisories.
namespace landwaiter::analyzer::store::sqlite {
namespace {

absl::StatusOr<std::vector<Place>> ReadPlaces(Query& query) {
  std::vector<Place> places;
  while (query.Next()) {
    Place& place = places.emplace_back();
    place.image = query.Int();
    place.position = query.Int();
  }
  LANDWAITER_RETURN_IF_ERROR(query.status());
  return places;
}

// The first columns of a view: whose image it is.
PlaceView ReadView(Query& query) {
  PlaceView view;
  view.cluster_uid = query.Text();
  view.ns = query.Text();
  view.registry = query.Text();
  view.repository = query.Text();
  view.digest = ToDigest(query.Text());
  view.os = DecodeOs(query.Text());
  return view;
}

#define LANDWAITER_VIEW_COLUMNS \
  "t.cluster_uid, t.ns, r.name, i.repository, i.digest, i.os, "
#define LANDWAITER_VIEW_OF                                                  \
  "JOIN images i ON i.id = p.image JOIN registries r ON r.id = i.registry " \
  "JOIN tenants t ON t.id = i.tenant WHERE p.image = ?1 AND p.position = ?2"

absl::Status Gone() { return absl::NotFoundError("the image is gone"); }

}  // namespace

absl::StatusOr<std::vector<Lookup>> SqliteMatches::LookupsOf(RowId image) {
  Query query(db_,
              "SELECT l.ecosystem, l.package FROM image_lookups i JOIN lookups "
              "l ON l.id = i.lookup WHERE i.image = ?1 "
              "ORDER BY l.ecosystem, l.package",
              image);
  std::vector<Lookup> lookups;
  while (query.Next()) {
    Lookup& lookup = lookups.emplace_back();
    lookup.ecosystem = query.Text();
    lookup.package = query.Text();
  }
  LANDWAITER_RETURN_IF_ERROR(query.status());
  return lookups;
}

absl::StatusOr<RowId> SqliteMatches::PutLookup(const Lookup& lookup) {
  {
    Query query(db_,
                "SELECT id FROM lookups WHERE ecosystem = ?1 AND package = ?2",
                lookup.ecosystem, lookup.package);
    if (query.Next()) return query.Int();
    LANDWAITER_RETURN_IF_ERROR(query.status());
  }
  LANDWAITER_RETURN_IF_ERROR(
      Query(db_, "INSERT INTO lookups (ecosystem, package) VALUES (?1, ?2)",
            lookup.ecosystem, lookup.package)
          .Run());
  return db_.LastInsertId();
}

absl::Status SqliteMatches::PutLookups(RowId image,
                                       const std::vector<Lookup>& lookups) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::vector<Lookup> known,
                              LookupsOf(image));
  if (known == lookups) return absl::OkStatus();
  LANDWAITER_RETURN_IF_ERROR(
      Query(db_, "DELETE FROM image_lookups WHERE image = ?1", image).Run());
  for (const Lookup& lookup : lookups) {
    LANDWAITER_ASSIGN_OR_RETURN(const RowId id, PutLookup(lookup));
    LANDWAITER_RETURN_IF_ERROR(
        Query(db_,
              "INSERT OR IGNORE INTO image_lookups (lookup, image, tenant) "
              "SELECT ?2, id, tenant FROM images WHERE id = ?1",
              image, id)
            .Run());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<RowId>> SqliteMatches::LookedUp(
    const Lookup& lookup) {
  Query query(db_,
              "SELECT i.image FROM lookups l JOIN image_lookups i ON "
              "i.lookup = l.id WHERE l.ecosystem = ?1 AND l.package = ?2",
              lookup.ecosystem, lookup.package);
  return Ids(query);
}

absl::StatusOr<std::vector<RowId>> SqliteMatches::Affected(
    std::string_view id) {
  Query query(db_, "SELECT DISTINCT image FROM findings WHERE id = ?1", id);
  return Ids(query);
}

absl::Status SqliteMatches::AddChange(const FindingChange& change,
                                      absl::Time now) {
  LANDWAITER_RETURN_IF_ERROR(
      Query(db_,
            "INSERT INTO finding_changes (tenant, image, time, database, "
            "appeared, finding, severity) SELECT tenant, id, ?2, ?3, ?4, ?5, "
            "?6 FROM images WHERE id = ?1",
            change.image, now, change.database, change.appeared, change.finding,
            change.severity)
          .Run());
  return Query(db_, "DELETE FROM finding_changes WHERE id <= ?1",
               db_.LastInsertId() - static_cast<int64_t>(kMaxChanges))
      .Run();
}

absl::StatusOr<std::vector<NewlyAffected>> SqliteMatches::NewlyAffectedSince(
    absl::Time since, size_t limit) {
  // An image from which it went again does not count.
  Query query(db_,
              "SELECT c.finding, max(c.severity), count(DISTINCT c.image), "
              "min(c.time) FROM finding_changes c WHERE c.time >= ?1 AND "
              "c.appeared = 1 AND EXISTS (SELECT 1 FROM findings f WHERE f.id "
              "= c.finding AND f.image = c.image) GROUP BY c.finding "
              "ORDER BY 2 DESC, 3 DESC, 1 LIMIT ?2",
              since, limit);
  std::vector<NewlyAffected> affected;
  while (query.Next()) {
    NewlyAffected& entry = affected.emplace_back();
    entry.finding = query.Text();
    entry.severity = static_cast<model::Severity>(query.Int());
    entry.images = query.Uint();
    entry.since = query.Time();
  }
  LANDWAITER_RETURN_IF_ERROR(query.status());
  return affected;
}

absl::StatusOr<std::vector<PackageVersion>> SqliteMatches::Versions(
    std::string_view package) {
  Query query(db_,
              "SELECT DISTINCT type, version, 0 FROM packages WHERE name = ?1 "
              "UNION ALL SELECT DISTINCT type, source_version, 1 FROM packages "
              "WHERE source_name = ?1",
              package);
  std::vector<PackageVersion> versions;
  while (query.Next()) {
    PackageVersion& version = versions.emplace_back();
    version.type = query.Text();
    version.version = query.Text();
    version.of_source = query.Bool();
  }
  LANDWAITER_RETURN_IF_ERROR(query.status());
  return versions;
}

absl::StatusOr<std::vector<Place>> SqliteMatches::PackagePlaces(
    std::string_view package, const PackageVersion& version) {
  if (version.of_source) {
    Query query(db_,
                "SELECT image, position FROM packages WHERE source_name = ?1 "
                "AND type = ?2 AND source_version = ?3",
                package, version.type, version.version);
    return ReadPlaces(query);
  }
  Query query(db_,
              "SELECT image, position FROM packages WHERE name = ?1 "
              "AND type = ?2 AND version = ?3",
              package, version.type, version.version);
  return ReadPlaces(query);
}

absl::StatusOr<std::vector<std::string>> SqliteMatches::FindingIds(
    std::string_view name) {
  std::vector<std::string> ids = {std::string(name)};
  Query query(db_, "SELECT finding FROM finding_names WHERE name = ?1", name);
  while (query.Next()) ids.push_back(query.Text());
  LANDWAITER_RETURN_IF_ERROR(query.status());
  return ids;
}

absl::StatusOr<std::vector<Place>> SqliteMatches::FindingPlaces(
    std::string_view id) {
  Query query(db_, "SELECT image, position FROM findings WHERE id = ?1", id);
  return ReadPlaces(query);
}

absl::StatusOr<PlaceView> SqliteMatches::ViewPackage(const Place& place) {
  Query query(db_,
              "SELECT " LANDWAITER_VIEW_COLUMNS
              "p.name, p.type, p.version, p.path "
              "FROM packages p " LANDWAITER_VIEW_OF,
              place.image, place.position);
  if (!query.Next()) return query.status().ok() ? Gone() : query.status();
  PlaceView view = ReadView(query);
  view.package = query.Text();
  view.type = query.Text();
  view.version = query.Text();
  view.path = query.Text();
  return view;
}

absl::StatusOr<PlaceView> SqliteMatches::ViewFinding(const Place& place) {
  Query query(db_,
              "SELECT " LANDWAITER_VIEW_COLUMNS
              "p.detail FROM findings p " LANDWAITER_VIEW_OF,
              place.image, place.position);
  if (!query.Next()) return query.status().ok() ? Gone() : query.status();
  PlaceView view = ReadView(query);
  LANDWAITER_ASSIGN_OR_RETURN(view.finding, DecodeFinding(query.Text()));
  view.package = view.finding->package;
  view.type = view.finding->type;
  view.version = view.finding->installed_version;
  view.path = view.finding->path;
  return view;
}

}  // namespace landwaiter::analyzer::store::sqlite
