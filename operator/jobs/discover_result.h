#ifndef LANDWAITER_OPERATOR_JOBS_DISCOVER_RESULT_H_
#define LANDWAITER_OPERATOR_JOBS_DISCOVER_RESULT_H_

#include <string>
#include <vector>

#include "nlohmann/json_fwd.hpp"
#include "operator/jobs/job_status.h"

namespace landwaiter::jobs {

// A registry that a cloud account has (docs/scan-job.md).
struct RegistryInstance {
  std::string id;  // unique within the account
  std::string name;
  std::string type;     // as spec.type of an ImageRegistry
  std::string edition;  // may be empty
  std::string region;
  std::string domain;  // host name, https
  friend bool operator==(const RegistryInstance&,
                         const RegistryInstance&) = default;
};

nlohmann::json InstanceJson(const RegistryInstance& instance);
// A field that is not as it should be is empty.
RegistryInstance InstanceFromJson(const nlohmann::json& json);

// What `discover` found. Total: what is not such a result, or names an
// instance that cannot be one, is a failure with code Internal, of which
// nothing is believed.
struct DiscoverResult {
  // ok, code, cause, message as of a verify.
  VerifyResult outcome;
  std::vector<RegistryInstance> instances;  // if ok: all that there are
};
DiscoverResult ParseDiscoverResult(const Termination& termination);

}  // namespace landwaiter::jobs

#endif  // LANDWAITER_OPERATOR_JOBS_DISCOVER_RESULT_H_
