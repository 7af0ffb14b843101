#include "analyzer/store/sqlite/codec.h"
#include "analyzer/store/sqlite/tables.h"
#include "core/base/failure.h"

namespace landwaiter::analyzer::store::sqlite {
namespace {

#define LANDWAITER_ITEM_COLUMNS                                              \
  "i.id, i.tenant, i.task, i.registry, i.kind, i.repository, i.digest, "     \
  "i.reference, i.state, i.rank, i.not_before, i.cursor, i.listing_since, "  \
  "i.listing_complete, i.attempt, i.failures, i.losses, i.holder, i.fence, " \
  "i.lease_until, i.completed_fence, i.repository_state "

ItemRow ReadRow(Query& query) {
  ItemRow row;
  row.id = query.Int();
  row.tenant_id = query.Int();
  row.task = query.Int();
  row.registry = query.Int();
  row.kind = static_cast<model::WorkKind>(query.Int());
  row.repository = query.Text();
  row.digest = ToDigest(query.Text());
  row.reference = query.Text();
  row.state = static_cast<ItemState>(query.Int());
  row.rank = query.Int();
  row.not_before = query.Time();
  row.cursor = query.Text();
  row.listing_since = query.Uint();
  row.listing_complete = query.Bool();
  row.attempt = static_cast<uint32_t>(query.Uint());
  row.failures = static_cast<uint32_t>(query.Uint());
  row.losses = static_cast<uint32_t>(query.Uint());
  row.holder = query.Text();
  row.fence = query.Uint();
  row.lease_until = query.Time();
  row.completed_fence = query.Uint();
  row.repository_state = query.Text();
  return row;
}

absl::StatusOr<std::vector<ItemRow>> Rows(Query& query) {
  std::vector<ItemRow> rows;
  while (query.Next()) rows.push_back(ReadRow(query));
  LANDWAITER_RETURN_IF_ERROR(query.status());
  return rows;
}

absl::StatusOr<std::optional<ItemRow>> FirstRow(Query& query) {
  std::optional<ItemRow> row;
  if (query.Next()) row = ReadRow(query);
  LANDWAITER_RETURN_IF_ERROR(query.status());
  return row;
}

}  // namespace

absl::StatusOr<bool> SqliteItems::Insert(const ItemRow& item) {
  LANDWAITER_RETURN_IF_ERROR(
      Query(db_,
            "INSERT OR IGNORE INTO items (tenant, task, registry, kind, "
            "repository, digest, reference, state, rank, not_before, cursor, "
            "listing_since, listing_complete, attempt, failures, losses, "
            "holder, fence, lease_until, completed_fence, repository_state) "
            "SELECT tenant, id, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, '', 0, 0, 0, "
            "0, 0, '', 0, ?10, 0, ?11 FROM tasks WHERE id = ?1",
            item.task, item.registry, item.kind, item.repository,
            item.digest.text(), item.reference, item.state, item.rank,
            item.not_before, item.lease_until, item.repository_state)
          .Run());
  return db_.Changes() > 0;
}

absl::StatusOr<std::optional<ItemRow>> SqliteItems::Find(RowId id) {
  Query query(db_,
              "SELECT " LANDWAITER_ITEM_COLUMNS "FROM items i WHERE i.id = ?1",
              id);
  return FirstRow(query);
}

absl::Status SqliteItems::Update(const ItemRow& item) {
  return Query(db_,
               "UPDATE items SET state = ?2, not_before = ?3, cursor = ?4, "
               "listing_since = ?5, listing_complete = ?6, attempt = ?7, "
               "failures = ?8, losses = ?9, holder = ?10, fence = ?11, "
               "lease_until = ?12, completed_fence = ?13 WHERE id = ?1",
               item.id, item.state, item.not_before, item.cursor,
               item.listing_since, item.listing_complete, item.attempt,
               item.failures, item.losses, item.holder, item.fence,
               item.lease_until, item.completed_fence)
      .Run();
}

absl::StatusOr<std::vector<ItemRow>> SqliteItems::Expired(absl::Time now,
                                                          size_t limit) {
  Query query(db_,
              "SELECT " LANDWAITER_ITEM_COLUMNS
              "FROM items i WHERE i.state = 2 AND i.lease_until <= ?1 "
              "ORDER BY i.lease_until, i.id LIMIT ?2",
              now, limit);
  return Rows(query);
}

absl::StatusOr<std::vector<ItemRow>> SqliteItems::InState(RowId task,
                                                          ItemState state,
                                                          RowId after,
                                                          size_t limit) {
  Query query(db_,
              "SELECT " LANDWAITER_ITEM_COLUMNS
              "FROM items i WHERE i.task = ?1 AND i.state = ?2 AND i.id > ?3 "
              "ORDER BY i.id LIMIT ?4",
              task, state, after, limit);
  return Rows(query);
}

absl::StatusOr<bool> SqliteItems::HasOpen(RowId task, bool listings) {
  Query query(db_,
              "SELECT 1 FROM items WHERE task = ?1 AND state IN (1, 2) "
              "AND (?2 = 0 OR kind != ?3) LIMIT 1",
              task, listings, model::WorkKind::kScanImage);
  LANDWAITER_ASSIGN_OR_RETURN(const int64_t found, Scalar(query));
  return found != 0;
}

absl::StatusOr<std::vector<std::string>> SqliteItems::ListedRepositories(
    RowId task, RowId registry) {
  Query query(db_,
              "SELECT repository FROM items WHERE task = ?1 AND registry = ?2 "
              "AND kind = ?3 AND state = ?4 ORDER BY repository",
              task, registry, model::WorkKind::kListTags, ItemState::kDone);
  std::vector<std::string> names;
  while (query.Next()) names.push_back(query.Text());
  LANDWAITER_RETURN_IF_ERROR(query.status());
  return names;
}

absl::StatusOr<std::vector<TaskLoad>> SqliteItems::Loads(RowId registry,
                                                         absl::Time now) {
  Query query(
      db_,
      "SELECT i.task, k.interactive, k.parallelism, (SELECT count(*) FROM "
      "items x WHERE x.task = i.task AND x.state = 2), sum(i.state = 2), "
      "sum(i.state = 1 AND i.not_before <= ?2 AND i.kind != ?3), "
      "sum(i.state = 1 AND i.not_before <= ?2 AND i.kind = ?3), "
      "min(CASE WHEN i.state = 1 AND i.not_before > ?2 THEN i.not_before "
      "ELSE ?4 END), "
      "min(CASE WHEN i.state = 2 THEN i.lease_until ELSE ?4 END) "
      "FROM items i JOIN tasks k ON k.id = i.task "
      "WHERE i.registry = ?1 AND i.state IN (1, 2) "
      "GROUP BY i.task ORDER BY k.interactive DESC, i.task",
      registry, now, model::WorkKind::kScanImage, absl::InfiniteFuture());
  std::vector<TaskLoad> loads;
  while (query.Next()) {
    TaskLoad& load = loads.emplace_back();
    load.task = query.Int();
    load.interactive = query.Bool();
    load.parallelism = query.Uint();
    load.leased_in_task = query.Uint();
    load.leased = query.Uint();
    load.ready_listings = query.Uint();
    load.ready_scans = query.Uint();
    load.next_ready = query.Time();
    load.next_expiry = query.Time();
  }
  LANDWAITER_RETURN_IF_ERROR(query.status());
  return loads;
}

absl::StatusOr<std::optional<ItemRow>> SqliteItems::Head(
    RowId task, RowId registry, bool listings, bool scans, absl::Time now) {
  Query query(db_,
              "SELECT " LANDWAITER_ITEM_COLUMNS
              "FROM items i WHERE i.task = ?1 AND i.state = 1 AND "
              "i.registry = ?2 AND i.not_before <= ?3 AND "
              "CASE i.kind WHEN ?4 THEN ?5 ELSE ?6 END AND NOT EXISTS "
              "(SELECT 1 FROM items x WHERE x.registry = i.registry AND "
              "x.state = 2 AND x.repository = i.repository AND "
              "x.digest = i.digest AND x.kind = i.kind) "
              "ORDER BY i.rank, i.id LIMIT 1",
              task, registry, now, model::WorkKind::kScanImage, scans,
              listings);
  return FirstRow(query);
}

}  // namespace landwaiter::analyzer::store::sqlite
