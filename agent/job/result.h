#ifndef LANDWAITER_AGENT_JOB_RESULT_H_
#define LANDWAITER_AGENT_JOB_RESULT_H_

#include <string>

#include "absl/status/status.h"
#include "nlohmann/json_fwd.hpp"

namespace landwaiter::agent::job {

// Exit status and termination message, as docs/scan-job.md has them.

inline constexpr int kDone = 0;
inline constexpr int kTryAgain = 1;
inline constexpr int kPointless = 2;
inline constexpr size_t kMaxResult = 4096;  // bytes; Kubernetes keeps no more

// A status' message, short enough for a result.
std::string Bounded(const absl::Status& status);

// What a failure is in a result: ok, code, cause and message.
nlohmann::json Failed(const absl::Status& status);

// The text of a result, always valid UTF-8.
std::string TextOf(const nlohmann::json& result);

// Writes to `file`, where Kubernetes takes it from; outside a pod there is no
// such file, and the log tells.
void WriteResult(const std::string& file, const nlohmann::json& result);

// Says why the job cannot run. Returns kPointless.
int Refuse(const std::string& file, const absl::Status& status);

}  // namespace landwaiter::agent::job

#endif  // LANDWAITER_AGENT_JOB_RESULT_H_
