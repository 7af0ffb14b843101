#ifndef LANDWAITER_OPERATOR_JOBS_JOB_STATUS_H_
#define LANDWAITER_OPERATOR_JOBS_JOB_STATUS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "nlohmann/json_fwd.hpp"
#include "operator/kube/object.h"

namespace landwaiter::jobs {

// How far a Job is, by its own status.
struct JobState {
  bool suspended = false;
  bool finished = false;
  bool succeeded = false;  // if finished
  absl::Time finished_at;  // if finished
  std::string message;     // of a failure
  std::string secret;      // name of the Secret that its pod mounts
};
JobState StateOf(const nlohmann::json& job);

// Whether a pod belongs to the Job (batch.kubernetes.io/job-name or the
// controller's uid).
bool BelongsTo(const nlohmann::json& pod, const nlohmann::json& job);

// Why the pod's container cannot start though it should: its image cannot be
// pulled. Empty if that is not so.
std::string ImagePullProblem(const nlohmann::json& pod);

bool IsRunning(const nlohmann::json& pod);
bool IsPending(const nlohmann::json& pod);

// What the scan component left as its last word, and with which exit status.
struct Termination {
  int exit_code = 0;
  std::string reason;   // Kubernetes' own: Completed, Error, OOMKilled
  std::string message;  // the termination message, as it is: not to be trusted
};
// nullopt if the pod's container has not terminated.
std::optional<Termination> TerminationOf(const nlohmann::json& pod);

// What `verify` found (docs/scan-job.md). Total: what is not such a result is
// one that is not ok, with code Internal.
struct VerifyResult {
  bool ok = false;
  std::string code;
  std::string cause;
  std::string message;
  std::string detected_version;
  // Of the uploaded scan component's manifest; empty: there is none.
  std::string component_digest;
};
VerifyResult ParseVerifyResult(const Termination& termination);

}  // namespace landwaiter::jobs

#endif  // LANDWAITER_OPERATOR_JOBS_JOB_STATUS_H_
