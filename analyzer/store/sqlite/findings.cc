#include <utility>

#include "analyzer/store/sqlite/codec.h"
#include "analyzer/store/sqlite/tables.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

// The findings of images: the part of SqliteImages that reads and writes them.
namespace landwaiter::analyzer::store::sqlite {
namespace {

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
  model::VulnerabilityCounts counts;
  int64_t position = 0;
  for (const model::Finding& finding : findings) {
    counts.Add(finding);
    const std::string detail = EncodeFinding(finding);
    LANDWAITER_RETURN_IF_ERROR(
        Query(db_,
              "INSERT INTO findings (tenant, image, position, id, detail) "
              "SELECT tenant, id, ?2, ?3, ?4 FROM images WHERE id = ?1",
              image, position++, finding.id, Blob{detail})
            .Run());
    LANDWAITER_RETURN_IF_ERROR(PutNames(finding));
  }
  const model::SeverityCounts& system = counts.system;
  const model::SeverityCounts& application = counts.application;
  return Query(db_,
               "UPDATE images SET no_advisory_data = ?2, message = ?3, "
               "critical = ?4, high = ?5, medium = ?6, low = ?7, unknown = "
               "?8, app_critical = ?9, app_high = ?10, app_medium = ?11, "
               "app_low = ?12, app_unknown = ?13 WHERE id = ?1",
               image, no_advisory_data, message, system.critical, system.high,
               system.medium, system.low, system.unknown, application.critical,
               application.high, application.medium, application.low,
               application.unknown)
      .Run();
}

absl::Status SqliteImages::PutNames(const model::Finding& finding) {
  const auto put = [&](const std::string& name) -> absl::Status {
    if (name.empty() || name == finding.id) return absl::OkStatus();
    return Query(db_,
                 "INSERT OR IGNORE INTO finding_names (name, finding) "
                 "VALUES (?1, ?2)",
                 name, finding.id)
        .Run();
  };
  LANDWAITER_RETURN_IF_ERROR(put(finding.advisory));
  for (const std::string& alias : finding.aliases) {
    LANDWAITER_RETURN_IF_ERROR(put(alias));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<model::Finding>> SqliteImages::Findings(
    RowId image, size_t limit) {
  Query query(db_,
              "SELECT detail FROM findings WHERE image = ?1 "
              "ORDER BY position LIMIT ?2",
              image, limit);
  std::vector<model::Finding> findings;
  while (query.Next()) {
    LANDWAITER_ASSIGN_OR_RETURN(model::Finding finding,
                                DecodeFinding(query.Text()));
    findings.push_back(std::move(finding));
  }
  LANDWAITER_RETURN_IF_ERROR(query.status());
  return findings;
}

absl::StatusOr<std::vector<ImageFinding>> SqliteImages::Page(
    RowId registry, std::string_view repository, std::string_view digest,
    size_t limit, std::string& cursor) {
  LANDWAITER_ASSIGN_OR_RETURN(const Cursor from, ParseCursor(cursor));
  Query query(db_,
              "SELECT i.id, f.position, i.repository, i.digest, f.detail "
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
    LANDWAITER_ASSIGN_OR_RETURN(entry.finding, DecodeFinding(query.Text()));
  }
  LANDWAITER_RETURN_IF_ERROR(query.status());
  cursor =
      page.size() < limit ? "" : base::StrCat(last.image, ".", last.position);
  return page;
}

}  // namespace landwaiter::analyzer::store::sqlite
