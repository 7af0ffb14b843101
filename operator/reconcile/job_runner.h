#ifndef LANDWAITER_OPERATOR_RECONCILE_JOB_RUNNER_H_
#define LANDWAITER_OPERATOR_RECONCILE_JOB_RUNNER_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "operator/api/repository_cluster.h"
#include "operator/jobs/job_builder.h"
#include "operator/reconcile/context.h"

namespace landwaiter::reconcile {

// Makes the files of a Job's Secret, when they are needed.
using MakeFiles = absl::FunctionRef<absl::StatusOr<jobs::SecretFiles>()>;

// Creates the Job suspended, its Secret, and starts it; each step only if it
// was not done by an earlier try that was cut short. `request.secret` is
// chosen here: new with each Job, so that what the garbage collector still has
// to remove of a Job of the same name is not in the way.
absl::Status StartJob(const Context& context, jobs::JobRequest request,
                      MakeFiles make_files);

// Deletes it with its pods and its Secret; one that is gone already is fine.
absl::Status DeleteJob(const Context& context, const kube::Json& job);
// The same, but one in a cluster that is away stays: whoever finds it when the
// cluster is back deletes it then.
absl::Status DeleteJobUnlessAway(const Context& context, const kube::Json& job);

// A Job of the cluster; nullptr if it is not there, or not known to be.
kube::ObjectPtr FindJob(const Context& context,
                        const api::RepositoryCluster& cluster,
                        const kube::ObjectKey& key);
// Jobs of a registry in every cluster and every namespace that scan pods may
// be in.
std::vector<kube::ObjectPtr> JobsOf(const Context& context, jobs::JobKind kind,
                                    const std::string& registry_uid);
// Jobs of a repository cluster.
std::vector<kube::ObjectPtr> JobsIn(const Context& context,
                                    const std::string& cluster_uid);
// Pods of a Job.
std::vector<kube::ObjectPtr> PodsOf(const Context& context,
                                    const kube::Json& job);

}  // namespace landwaiter::reconcile

#endif  // LANDWAITER_OPERATOR_RECONCILE_JOB_RUNNER_H_
