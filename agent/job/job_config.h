#ifndef LANDWAITER_AGENT_JOB_JOB_CONFIG_H_
#define LANDWAITER_AGENT_JOB_JOB_CONFIG_H_

#include <string>

#include "absl/status/statusor.h"
#include "agent/registry/connection.h"

namespace landwaiter::agent::job {

enum class JobKind { kVerify, kScan };

// What the operator tells a scan pod: docs/scan-job.md is the contract.
struct JobConfig {
  std::string registry_name;  // for logs
  std::string registry_type;
  registry::Connection connection;
  std::string spill_directory;
  // kScan only.
  std::string analyzer_address;
  std::string analyzer_server_name;
  std::string analyzer_ca_pem;
  std::string token;
};

// Reads job.json and the files beside it. INVALID_ARGUMENT, naming the file or
// the key, for what is missing or wrong; never quotes a file's content.
absl::StatusOr<JobConfig> ReadJobConfig(const std::string& directory,
                                        JobKind kind);

}  // namespace landwaiter::agent::job

#endif  // LANDWAITER_AGENT_JOB_JOB_CONFIG_H_
