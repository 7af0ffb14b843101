#ifndef LANDWAITER_AGENT_JOB_JOB_CONFIG_H_
#define LANDWAITER_AGENT_JOB_JOB_CONFIG_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "agent/registry/connection.h"

namespace landwaiter::agent::job {

enum class JobKind { kVerify, kScan };

// The scan component that was uploaded into the registry, as it should be.
struct UploadedComponent {
  std::string repository;  // under /v2/: "library/landwaiter-agent"
  std::string tag;
  std::string version;  // of the release
  // Digests of the configs of the release's image, one a platform. Empty:
  // unknown.
  std::vector<std::string> config_digests;
};

// What the operator tells a scan pod: docs/scan-job.md is the contract.
struct JobConfig {
  std::string registry_name;  // for logs
  std::string registry_type;
  // Every connection to the registry has the address policy (see
  // core/http/address_policy.h) with the job's allowedAddresses.
  registry::Connection connection;
  std::string spill_directory;
  // kVerify only; nullopt: nothing was uploaded.
  std::optional<UploadedComponent> component;
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

// What the operator tells a pod that looks for the registries of a cloud
// account.
struct AccountConfig {
  std::string name;  // for logs
  std::string provider;
  std::vector<std::string> regions;
  registry::Connection connection;  // credentials, proxy, TLS, address policy
};

// As ReadJobConfig, for `discover`.
absl::StatusOr<AccountConfig> ReadAccountConfig(const std::string& directory);

}  // namespace landwaiter::agent::job

#endif  // LANDWAITER_AGENT_JOB_JOB_CONFIG_H_
