#ifndef LANDWAITER_OPERATOR_JOBS_UPLOADED_COMPONENT_H_
#define LANDWAITER_OPERATOR_JOBS_UPLOADED_COMPONENT_H_

#include <string>
#include <string_view>

#include "nlohmann/json_fwd.hpp"
#include "operator/api/image_registry.h"
#include "operator/jobs/credentials.h"

namespace landwaiter::jobs {

// The scan component that a person uploaded into the registry itself
// (scanComponent.source: Uploaded; docs/adr/0040-uploaded-component.md).

inline bool IsUploaded(const api::ImageRegistry& registry) {
  return !registry.component_path.empty();
}

// Its name under /v2/: "library/landwaiter-agent".
std::string UploadedRepository(const api::ImageRegistry& registry);
// What pods run: "harbor.example.com/library/landwaiter-agent:0.1.0", or with
// "@sha256:..." if the digest is known.
std::string UploadedReference(const api::ImageRegistry& registry,
                              std::string_view version,
                              std::string_view digest = {});

// Whether the kubelet needs an account to pull it.
bool NeedsPullSecret(const api::ImageRegistry& registry);
// Content of a Secret of type kubernetes.io/dockerconfigjson with the account
// that the files hold, for this registry's host alone.
std::string PullConfig(const api::ImageRegistry& registry,
                       const SecretFiles& files);

}  // namespace landwaiter::jobs

#endif  // LANDWAITER_OPERATOR_JOBS_UPLOADED_COMPONENT_H_
