#ifndef LANDWAITER_OPERATOR_JOBS_JOB_CONTRACT_H_
#define LANDWAITER_OPERATOR_JOBS_JOB_CONTRACT_H_

#include <string_view>

// What operator and agent agree on about the scan component's Job: see
// docs/scan-job.md, which is the contract. Programs never include one another,
// so the agent has these names, too; tests/contract/scan_job holds both to
// them.
namespace landwaiter::jobs {

inline constexpr std::string_view kJobDirectory = "/etc/landwaiter/job";
inline constexpr std::string_view kSpillDirectory = "/var/spill";

// Files in kJobDirectory.
inline constexpr std::string_view kJobFile = "job.json";
inline constexpr std::string_view kUsernameFile = "username";
inline constexpr std::string_view kPasswordFile = "password";
inline constexpr std::string_view kRegistryCaFile = "registry-ca.crt";
inline constexpr std::string_view kRegistryCertificateFile =
    "registry-client.crt";
inline constexpr std::string_view kRegistryKeyFile = "registry-client.key";
inline constexpr std::string_view kProxyUsernameFile = "proxy-username";
inline constexpr std::string_view kProxyPasswordFile = "proxy-password";
inline constexpr std::string_view kAnalyzerCaFile = "analyzer-ca.crt";
inline constexpr std::string_view kTokenFile = "token";
// "token-0", "token-1", ...: of organizations and groups.
inline constexpr std::string_view kScopedTokenPrefix = "token-";

}  // namespace landwaiter::jobs

#endif  // LANDWAITER_OPERATOR_JOBS_JOB_CONTRACT_H_
