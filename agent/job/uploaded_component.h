#ifndef LANDWAITER_AGENT_JOB_UPLOADED_COMPONENT_H_
#define LANDWAITER_AGENT_JOB_UPLOADED_COMPONENT_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "agent/job/job_config.h"
#include "agent/registry/registry.h"
#include "core/model/digest.h"

namespace landwaiter::agent::job {

// Whether what a person uploaded is the scan component that the operator
// wants: this very program has the right version, and the image behind the tag
// (every platform of it, if it is an index) has a config that belongs to the
// release. The manifest's own digest says nothing: docker load and push make
// another manifest for the same image (docs/adr/0040-uploaded-component.md).
//
// Returns the digest that the tag points to now, for Jobs to be pinned to.
// Else ScanComponentMissing with cause Version, NotFound or Digest, or what the
// registry failed with.
absl::StatusOr<model::Digest> CheckUploadedComponent(
    registry::Registry& registry, const UploadedComponent& wanted,
    std::string_view own_version);

}  // namespace landwaiter::agent::job

#endif  // LANDWAITER_AGENT_JOB_UPLOADED_COMPONENT_H_
