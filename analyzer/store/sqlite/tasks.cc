#include "analyzer/store/sqlite/codec.h"
#include "analyzer/store/sqlite/tables.h"
#include "core/base/failure.h"

namespace landwaiter::analyzer::store::sqlite {
namespace {

#define LANDWAITER_TASK_COLUMNS                                             \
  "k.id, k.tenant, t.cluster_uid, t.ns, k.spec, k.phase, "                  \
  "k.failed_listings, k.done_listings, k.total, k.scanned, k.reused, "      \
  "k.failed, k.skipped, k.unsupported, k.quota_consumed, k.critical, "      \
  "k.high, k.medium, k.low, k.unknown, k.app_critical, k.app_high, "        \
  "k.app_medium, k.app_low, k.app_unknown, k.top, k.started, k.completed, " \
  "k.deadline, k.message "

absl::StatusOr<TaskRow> ReadRow(Query& query) {
  TaskRow row;
  row.id = query.Int();
  row.tenant_id = query.Int();
  row.tenant.cluster_uid = query.Text();
  row.tenant.ns = query.Text();
  LANDWAITER_ASSIGN_OR_RETURN(row.spec, DecodeSpec(query.Text()));
  model::TaskStatus& status = row.status;
  status.phase = static_cast<model::TaskPhase>(query.Int());
  row.failed_listings = query.Uint();
  row.done_listings = query.Uint();
  status.images = {.total = query.Uint(),
                   .scanned = query.Uint(),
                   .reused = query.Uint(),
                   .failed = query.Uint(),
                   .skipped = query.Uint(),
                   .unsupported = query.Uint()};
  status.quota_consumed = query.Uint();
  status.vulnerabilities = ReadVulnerabilityCounts(query);
  status.top = DecodeTop(query.Text());
  status.start = query.Time();
  status.completion = query.Time();
  status.deadline = query.Time();
  status.message = query.Text();
  return row;
}

}  // namespace

absl::Status SqliteTasks::Insert(TaskRow& task,
                                 const std::vector<RowId>& registries) {
  LANDWAITER_ASSIGN_OR_RETURN(task.tenant_id, TenantId(db_, task.tenant));
  const std::string spec = EncodeSpec(task.spec);
  LANDWAITER_RETURN_IF_ERROR(
      Query(db_,
            "INSERT INTO tasks (tenant, uid, spec, interactive, parallelism, "
            "active, phase, failed_listings, done_listings, total, scanned, "
            "reused, failed, skipped, unsupported, quota_consumed, critical, "
            "high, medium, low, unknown, top, started, completed, deadline, "
            "message) VALUES (?1, ?2, ?3, ?4, ?5, 1, 0, 0, 0, 0, 0, 0, 0, 0, "
            "0, 0, 0, 0, 0, 0, 0, '[]', ?6, ?7, ?8, '')",
            task.tenant_id, task.spec.uid, Blob{spec}, task.spec.interactive,
            task.spec.parallelism, task.status.start, task.status.completion,
            task.status.deadline)
          .Run());
  task.id = db_.LastInsertId();
  for (const RowId registry : registries) {
    LANDWAITER_RETURN_IF_ERROR(
        Query(db_,
              "INSERT OR IGNORE INTO task_registries (tenant, task, registry) "
              "VALUES (?1, ?2, ?3)",
              task.tenant_id, task.id, registry)
            .Run());
  }
  return Update(task);
}

absl::StatusOr<std::optional<TaskRow>> SqliteTasks::Find(
    const model::Tenant& tenant, std::string_view uid) {
  Query query(db_,
              "SELECT " LANDWAITER_TASK_COLUMNS
              "FROM tasks k JOIN tenants t ON t.id = k.tenant "
              "WHERE t.cluster_uid = ?1 AND t.ns = ?2 AND k.uid = ?3",
              tenant.cluster_uid, tenant.ns, uid);
  if (!query.Next()) {
    LANDWAITER_RETURN_IF_ERROR(query.status());
    return std::nullopt;
  }
  LANDWAITER_ASSIGN_OR_RETURN(TaskRow row, ReadRow(query));
  return row;
}

absl::StatusOr<TaskRow> SqliteTasks::Get(RowId id) {
  Query query(db_,
              "SELECT " LANDWAITER_TASK_COLUMNS
              "FROM tasks k JOIN tenants t ON t.id = k.tenant WHERE k.id = ?1",
              id);
  if (query.Next()) return ReadRow(query);
  LANDWAITER_RETURN_IF_ERROR(query.status());
  return absl::NotFoundError("the task is not known");
}

absl::Status SqliteTasks::Update(const TaskRow& task) {
  const model::TaskStatus& status = task.status;
  const model::ImageCounts& images = status.images;
  const model::SeverityCounts& system = status.vulnerabilities.system;
  const model::SeverityCounts& application = status.vulnerabilities.application;
  return Query(
             db_,
             "UPDATE tasks SET active = ?2, phase = ?3, failed_listings = "
             "?4, done_listings = ?5, total = ?6, scanned = ?7, reused = ?8, "
             "failed = ?9, skipped = ?10, unsupported = ?11, "
             "quota_consumed = ?12, critical = ?13, high = ?14, medium = "
             "?15, low = ?16, unknown = ?17, top = ?18, completed = ?19, "
             "message = ?20, app_critical = ?21, app_high = ?22, app_medium = "
             "?23, app_low = ?24, app_unknown = ?25 WHERE id = ?1",
             task.id, !model::IsTerminal(status.phase), status.phase,
             task.failed_listings, task.done_listings, images.total,
             images.scanned, images.reused, images.failed, images.skipped,
             images.unsupported, status.quota_consumed, system.critical,
             system.high, system.medium, system.low, system.unknown,
             EncodeTop(status.top), status.completion, status.message,
             application.critical, application.high, application.medium,
             application.low, application.unknown)
      .Run();
}

absl::StatusOr<std::vector<RowId>> SqliteTasks::Registries(RowId task) {
  Query query(db_,
              "SELECT registry FROM task_registries WHERE task = ?1 "
              "ORDER BY registry",
              task);
  return Ids(query);
}

absl::StatusOr<std::vector<RowId>> SqliteTasks::Overdue(absl::Time now,
                                                        size_t limit) {
  Query query(db_,
              "SELECT id FROM tasks WHERE active = 1 AND deadline <= ?1 "
              "ORDER BY deadline LIMIT ?2",
              now, limit);
  return Ids(query);
}

absl::StatusOr<std::vector<RowId>> SqliteTasks::ActiveOf(RowId registry) {
  Query query(db_,
              "SELECT k.id FROM task_registries r JOIN tasks k ON k.id = "
              "r.task WHERE r.registry = ?1 AND k.active = 1 ORDER BY k.id",
              registry);
  return Ids(query);
}

absl::Status SqliteTasks::Delete(RowId task) {
  return Query(db_, "DELETE FROM tasks WHERE id = ?1", task).Run();
}

absl::Status SqliteTasks::AddFailure(RowId task, int rank,
                                     const model::TaskFailure& failure) {
  return Query(db_,
               "INSERT INTO task_failures (tenant, task, rank, image, code, "
               "cause, message, retryable) SELECT tenant, id, ?2, ?3, ?4, ?5, "
               "?6, ?7 FROM tasks WHERE id = ?1",
               task, rank, failure.image, failure.failure.code,
               failure.failure.cause, failure.failure.message,
               failure.failure.retryable)
      .Run();
}

absl::StatusOr<std::vector<model::TaskFailure>> SqliteTasks::Failures(
    RowId task, size_t limit, uint64_t& omitted) {
  Query query(db_,
              "SELECT image, code, cause, message, retryable "
              "FROM task_failures WHERE task = ?1 ORDER BY rank, id LIMIT ?2",
              task, limit);
  std::vector<model::TaskFailure> failures;
  while (query.Next()) {
    model::TaskFailure& failure = failures.emplace_back();
    failure.image = query.Text();
    failure.failure.code = query.Text();
    failure.failure.cause = query.Text();
    failure.failure.message = query.Text();
    failure.failure.retryable = query.Bool();
  }
  LANDWAITER_RETURN_IF_ERROR(query.status());
  Query count(db_, "SELECT count(*) FROM task_failures WHERE task = ?1", task);
  LANDWAITER_ASSIGN_OR_RETURN(const int64_t all, Scalar(count));
  omitted = static_cast<uint64_t>(all) - failures.size();
  return failures;
}

absl::Status SqliteTasks::AddLog(RowId task, absl::Time now,
                                 std::string_view message) {
  LANDWAITER_RETURN_IF_ERROR(
      Query(db_,
            "INSERT INTO task_log (tenant, task, time, message) "
            "SELECT tenant, id, ?2, ?3 FROM tasks WHERE id = ?1",
            task, now, message)
          .Run());
  return Query(db_,
               "DELETE FROM task_log WHERE task = ?1 AND id <= (SELECT id "
               "FROM task_log WHERE task = ?1 ORDER BY id DESC LIMIT 1 "
               "OFFSET ?2)",
               task, kMaxLogLines)
      .Run();
}

absl::StatusOr<std::vector<model::LogLine>> SqliteTasks::Log(RowId task,
                                                             size_t limit) {
  Query query(db_,
              "SELECT time, message FROM (SELECT id, time, message "
              "FROM task_log WHERE task = ?1 ORDER BY id DESC LIMIT ?2) "
              "ORDER BY id",
              task, limit);
  std::vector<model::LogLine> lines;
  while (query.Next()) {
    model::LogLine& line = lines.emplace_back();
    line.time = query.Time();
    line.message = query.Text();
  }
  LANDWAITER_RETURN_IF_ERROR(query.status());
  return lines;
}

}  // namespace landwaiter::analyzer::store::sqlite
