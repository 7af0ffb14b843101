#ifndef LANDWAITER_OPERATOR_RECONCILE_REGISTRY_DRAFT_H_
#define LANDWAITER_OPERATOR_RECONCILE_REGISTRY_DRAFT_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "operator/api/conditions.h"
#include "operator/api/image_registry.h"
#include "operator/api/repository_cluster.h"
#include "operator/jobs/credentials.h"
#include "operator/kube/object.h"

namespace landwaiter::reconcile {

// The new status of an ImageRegistry while the steps of its reconciler make
// it, and what each step found out for those after it.
struct RegistryDraft {
  // Begins with what is kept of the old status until something better is
  // known. `live` outlives the draft.
  RegistryDraft(const kube::Json& live, absl::Time time);

  const kube::Json& object;
  const absl::Time now;
  api::Conditions conditions;
  kube::Json status;
  absl::Time again = absl::InfiniteFuture();
  absl::Status error;  // try again with back-off, after the status is written

  api::ImageRegistry registry;
  api::RepositoryCluster cluster;
  std::string scan_namespace;
  jobs::Credentials credentials;

  void SetPhase(std::string_view phase);
  // A person must act.
  void Stall(std::string_view why, const std::string& message);
  // The object is looked at again by then.
  void ComeBack(absl::Time time);
  // Keeps the first error.
  void Fail(absl::Status status_of_call);
};

}  // namespace landwaiter::reconcile

#endif  // LANDWAITER_OPERATOR_RECONCILE_REGISTRY_DRAFT_H_
