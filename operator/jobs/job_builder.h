#ifndef LANDWAITER_OPERATOR_JOBS_JOB_BUILDER_H_
#define LANDWAITER_OPERATOR_JOBS_JOB_BUILDER_H_

#include <string>
#include <string_view>
#include <vector>

#include "nlohmann/json_fwd.hpp"
#include "operator/api/image_registry.h"
#include "operator/api/repository_cluster.h"
#include "operator/jobs/credentials.h"

namespace landwaiter::jobs {

enum class JobKind { kVerify, kScan, kDiscover };
std::string_view ToString(JobKind kind);  // "verify", "scan", "discover"

// The scan component, as the operator's configuration has it.
struct ScanComponent {
  std::string image;
  std::string pull_policy = "IfNotPresent";
  std::string version;  // of the release that this operator is of
  // Of the configs of the release's image, one a platform; empty: unknown.
  std::vector<std::string> config_digests;
  // Of the analyzer, as pods reach it unless their cluster says otherwise.
  std::string analyzer_address;
  std::string analyzer_server_name;  // empty: the address's host
  // CIDRs that scan pods may connect to though they are loopback, link-local
  // or of a cloud's metadata service.
  std::vector<std::string> allowed_addresses;
};

struct JobRequest {
  JobKind kind = JobKind::kVerify;
  std::string name;
  std::string ns;
  std::string secret;  // name of the Secret that BuildSecret will make
  ScanComponent component;
  // Of the manifest of an uploaded scan component, as `verify` found it;
  // empty: its tag.
  std::string component_digest;
  // Whom the Job serves. For kDiscover the connection of the RegistryAccount.
  api::ImageRegistry registry;
  std::vector<std::string> regions;  // kDiscover: to look in
  api::RepositoryCluster cluster;
};

// Names that a Job of this registry has: readable, unique to the registry's
// uid, at most 63 characters. `suffix` tells its Jobs of one kind apart.
std::string JobName(JobKind kind, const api::ImageRegistry& registry,
                    std::string_view suffix);

// The Job, suspended: its Secret does not exist yet.
nlohmann::json BuildJob(const JobRequest& request);

// The Secret of a Job that the API server has created (its uid makes it the
// owner), with job.json and the files.
nlohmann::json BuildSecret(const JobRequest& request,
                           const nlohmann::json& created_job,
                           const SecretFiles& files);

// The Secret that its pod pulls an uploaded scan component with, owned by the
// Job, too; null if it needs none.
nlohmann::json BuildPullSecret(const JobRequest& request,
                               const nlohmann::json& created_job,
                               const SecretFiles& files);

// job.json, see docs/scan-job.md.
nlohmann::json JobConfig(const JobRequest& request);

}  // namespace landwaiter::jobs

#endif  // LANDWAITER_OPERATOR_JOBS_JOB_BUILDER_H_
