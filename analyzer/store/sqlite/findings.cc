#include "analyzer/store/sqlite/codec.h"
#include "analyzer/store/sqlite/tables.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

// The findings of images: the part of SqliteImages that reads and writes them.
namespace landwaiter::analyzer::store::sqlite {
namespace {

#define LANDWAITER_FINDING_COLUMNS                                     \
  "f.advisory, f.aliases, f.package, f.source_package, "               \
  "f.installed_version, f.fixed_version, f.severity, f.type, f.path, " \
  "f.layer, f.fix_command, f.summary "

model::Finding ReadFinding(Query& query) {
  model::Finding finding;
  finding.advisory = query.Text();
  finding.aliases = DecodeList(query.Text());
  finding.package = query.Text();
  finding.source_package = query.Text();
  finding.installed_version = query.Text();
  finding.fixed_version = query.Text();
  finding.severity = static_cast<model::Severity>(query.Int());
  finding.type = query.Text();
  finding.path = query.Text();
  finding.layer = ToDigest(query.Text());
  finding.fix_command = query.Text();
  finding.summary = query.Text();
  return finding;
}

// A page's cursor: "<image>.<position>" of the last finding that was given.
struct Cursor {
  RowId image = 0;
  int64_t position = -1;
};

absl::StatusOr<Cursor> ParseCursor(const std::string& text) {
  Cursor cursor;
  if (text.empty()) return cursor;
  if (const auto parts = base::SplitOnce(text, '.')) {
    const auto image = base::ParseInt64(parts->first);
    const auto position = base::ParseInt64(parts->second);
    if (image && position) return Cursor{*image, *position};
  }
  return absl::InvalidArgumentError("page_token: not one of ours");
}

}  // namespace

absl::Status SqliteImages::PutFindings(
    RowId image, const std::vector<model::Finding>& findings,
    bool no_advisory_data, std::string_view message) {
  LANDWAITER_RETURN_IF_ERROR(
      Query(db_, "DELETE FROM findings WHERE image = ?1", image).Run());
  model::SeverityCounts counts;
  int64_t position = 0;
  for (const model::Finding& finding : findings) {
    counts.Add(finding.severity);
    LANDWAITER_RETURN_IF_ERROR(
        Query(db_,
              "INSERT INTO findings (tenant, image, position, advisory, "
              "aliases, package, source_package, installed_version, "
              "fixed_version, severity, type, path, layer, fix_command, "
              "summary) SELECT tenant, id, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
              "?10, ?11, ?12, ?13, ?14 FROM images WHERE id = ?1",
              image, position++, finding.advisory, EncodeList(finding.aliases),
              finding.package, finding.source_package,
              finding.installed_version, finding.fixed_version,
              finding.severity, finding.type, finding.path,
              finding.layer.text(), finding.fix_command, finding.summary)
            .Run());
  }
  return Query(db_,
               "UPDATE images SET no_advisory_data = ?2, message = ?3, "
               "critical = ?4, high = ?5, medium = ?6, low = ?7, unknown = ?8 "
               "WHERE id = ?1",
               image, no_advisory_data, message, counts.critical, counts.high,
               counts.medium, counts.low, counts.unknown)
      .Run();
}

absl::StatusOr<std::vector<model::Finding>> SqliteImages::Findings(
    RowId image, size_t limit) {
  Query query(db_,
              "SELECT " LANDWAITER_FINDING_COLUMNS
              "FROM findings f WHERE f.image = ?1 ORDER BY f.position LIMIT ?2",
              image, limit);
  std::vector<model::Finding> findings;
  while (query.Next()) findings.push_back(ReadFinding(query));
  LANDWAITER_RETURN_IF_ERROR(query.status());
  return findings;
}

absl::StatusOr<std::vector<ImageFinding>> SqliteImages::Page(
    RowId registry, std::string_view repository, std::string_view digest,
    size_t limit, std::string& cursor) {
  LANDWAITER_ASSIGN_OR_RETURN(const Cursor from, ParseCursor(cursor));
  Query query(db_,
              "SELECT i.id, f.position, i.repository, i.digest, "
              "" LANDWAITER_FINDING_COLUMNS
              "FROM images i JOIN findings f ON f.image = i.id "
              "WHERE i.registry = ?1 AND (?2 = '' OR i.repository = ?2) "
              "AND (?3 = '' OR i.digest = ?3) "
              "AND (i.id > ?4 OR (i.id = ?4 AND f.position > ?5)) "
              "ORDER BY i.id, f.position LIMIT ?6",
              registry, repository, digest, from.image, from.position, limit);
  std::vector<ImageFinding> page;
  Cursor last;
  while (query.Next()) {
    last.image = query.Int();
    last.position = query.Int();
    ImageFinding& entry = page.emplace_back();
    entry.repository = query.Text();
    entry.digest = ToDigest(query.Text());
    entry.finding = ReadFinding(query);
  }
  LANDWAITER_RETURN_IF_ERROR(query.status());
  cursor =
      page.size() < limit ? "" : base::StrCat(last.image, ".", last.position);
  return page;
}

}  // namespace landwaiter::analyzer::store::sqlite
