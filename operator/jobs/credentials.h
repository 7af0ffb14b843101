#ifndef LANDWAITER_OPERATOR_JOBS_CREDENTIALS_H_
#define LANDWAITER_OPERATOR_JOBS_CREDENTIALS_H_

#include <map>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "operator/api/image_registry.h"
#include "operator/kube/object.h"

namespace landwaiter::jobs {

// Contents of files by name (job_contract.h). They are secret: nothing here is
// ever logged or put into a status; messages name Secrets and keys only.
using SecretFiles = std::map<std::string, std::string>;

struct Credentials {
  SecretFiles files;
  // Names which Secrets, at which resourceVersion, the files came from: it
  // changes when they do, and tells nothing of what is in them.
  std::string version;
};

// Reads the Secrets that the registry refers to. `find` returns a Secret of
// the registry's namespace by name, nullptr if there is none.
// NOT_FOUND: a Secret is missing. INVALID_ARGUMENT: it lacks a key or a value
// cannot be used.
absl::StatusOr<Credentials> ResolveCredentials(
    const api::ImageRegistry& registry,
    absl::FunctionRef<kube::ObjectPtr(const std::string& name)> find);

}  // namespace landwaiter::jobs

#endif  // LANDWAITER_OPERATOR_JOBS_CREDENTIALS_H_
