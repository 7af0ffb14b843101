#ifndef LANDWAITER_OPERATOR_ANALYZER_CONTROL_CLIENT_H_
#define LANDWAITER_OPERATOR_ANALYZER_CONTROL_CLIENT_H_

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/model/task.h"

namespace landwaiter::control {

// The analyzer, as the operator sees it (proto/landwaiter/v1/control.proto has
// the rules). Applying and deleting are idempotent, so a reconciler may always
// do them again. Every call has a deadline; none retries inside: the
// reconciler's queue does. Thread-safe.
//
// Errors: UNAVAILABLE, DEADLINE_EXCEEDED: try again later; NOT_FOUND;
// INVALID_ARGUMENT and FAILED_PRECONDITION: the message is for the user.
class ControlClient {
 public:
  virtual ~ControlClient() = default;

  virtual absl::Status ApplyRegistry(const model::Tenant& tenant,
                                     const model::RegistrySpec& registry) = 0;
  // Removes its data and ends its work, and nothing else's.
  virtual absl::Status DeleteRegistry(const model::Tenant& tenant,
                                      const std::string& uid) = 0;
  virtual absl::StatusOr<model::RegistryStatus> GetRegistry(
      const model::Tenant& tenant, const std::string& uid) = 0;

  // Starts the task unless it is known already; its status either way.
  virtual absl::StatusOr<model::TaskStatus> ApplyTask(
      const model::Tenant& tenant, const model::TaskSpec& task) = 0;
  virtual absl::StatusOr<model::TaskStatus> GetTask(const model::Tenant& tenant,
                                                    const std::string& uid) = 0;
  virtual absl::Status CancelTask(const model::Tenant& tenant,
                                  const std::string& uid) = 0;
  virtual absl::Status DeleteTask(const model::Tenant& tenant,
                                  const std::string& uid) = 0;

  // Every registry that has or will have something to do.
  virtual absl::StatusOr<std::vector<model::RegistryWork>> ListWork() = 0;

  // Addresses that scan pods of the repository cluster (by its uid) were seen
  // to come from, newest first, at most 16; as far as the analyzer remembers.
  virtual absl::StatusOr<std::vector<std::string>> ListEgressAddresses(
      const model::Tenant& tenant, const std::string& cluster) = 0;

  // A token for a scan pod of this registry in this repository cluster (its
  // uid).
  virtual absl::StatusOr<model::AgentToken> IssueAgentToken(
      const model::Tenant& tenant, const std::string& cluster,
      const std::string& registry_uid) = 0;

  // Calls back for every change until the connection ends or `on_change`
  // returns false. The first change after connecting is of kind kWork with an
  // empty uid: read everything again.
  virtual absl::Status WatchChanges(
      absl::FunctionRef<bool(const model::Change&)> on_change) = 0;
};

}  // namespace landwaiter::control

#endif  // LANDWAITER_OPERATOR_ANALYZER_CONTROL_CLIENT_H_
