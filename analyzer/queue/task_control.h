#ifndef LANDWAITER_ANALYZER_QUEUE_TASK_CONTROL_H_
#define LANDWAITER_ANALYZER_QUEUE_TASK_CONTROL_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "analyzer/queue/environment.h"
#include "core/model/task.h"

namespace landwaiter::analyzer::queue {

struct FindingsQuery {
  std::string registry_uid;
  std::string repository;  // empty: all
  std::string digest;      // empty: all
  uint32_t page_size = 100;
  std::string page_token;
};
struct FindingsPage {
  std::vector<store::ImageFinding> findings;
  std::string next_page_token;  // empty: that was all
};

// The queue, as the operator sees it (proto/landwaiter/v1/control.proto).
// Applying and deleting may be repeated. Thread-safe.
//
// Errors: NOT_FOUND; INVALID_ARGUMENT, FAILED_PRECONDITION and UNIMPLEMENTED
// with a message for the user; the store's errors, with nothing changed.
class TaskControl {
 public:
  // `environment` outlives it.
  explicit TaskControl(Environment& environment) : environment_(environment) {}

  absl::Status ApplyRegistry(const model::Tenant& tenant,
                             const model::RegistrySpec& registry);
  absl::Status DeleteRegistry(const model::Tenant& tenant,
                              const std::string& uid);
  absl::StatusOr<model::RegistryStatus> GetRegistry(const model::Tenant& tenant,
                                                    const std::string& uid);

  absl::StatusOr<model::TaskStatus> ApplyTask(const model::Tenant& tenant,
                                              const model::TaskSpec& task);
  absl::StatusOr<model::TaskStatus> GetTask(const model::Tenant& tenant,
                                            const std::string& uid);
  absl::Status CancelTask(const model::Tenant& tenant, const std::string& uid);
  absl::Status DeleteTask(const model::Tenant& tenant, const std::string& uid);

  absl::StatusOr<std::vector<model::RegistryWork>> ListWork();
  absl::StatusOr<FindingsPage> ListFindings(const model::Tenant& tenant,
                                            const FindingsQuery& query);

  // Does what time alone brings about (leases and tasks that ran out). The
  // service calls it now and then; the calls above and the agents' do it too.
  absl::Status Tick();

 private:
  Environment& environment_;
};

}  // namespace landwaiter::analyzer::queue

#endif  // LANDWAITER_ANALYZER_QUEUE_TASK_CONTROL_H_
