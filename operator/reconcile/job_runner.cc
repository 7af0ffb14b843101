#include "operator/reconcile/job_runner.h"

#include <utility>

#include "absl/strings/str_format.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/api/names.h"
#include "operator/jobs/job_status.h"
#include "operator/reconcile/cluster_access.h"
#include "operator/reconcile/clusters.h"

namespace landwaiter::reconcile {
namespace {

using kube::Json;

// The Job as it is on the API server, created if it was not there.
absl::StatusOr<Json> CreateOrGetJob(const Context& context,
                                    kube::KubeClient& kube,
                                    const jobs::JobRequest& request) {
  absl::StatusOr<Json> job = kube.Create(kube::kJobs, jobs::BuildJob(request));
  if (job.ok()) {
    LANDWAITER_RETURN_IF_ERROR(
        context.failpoints->Hit(base::kOperatorJobCreated));
    return job;
  }
  if (!absl::IsAlreadyExists(job.status())) return job.status();
  return kube.Get(kube::kJobs, {request.ns, request.name});
}

// That it is there from an earlier try is fine.
absl::Status CreateOnce(kube::KubeClient& kube, const Json& secret) {
  const absl::Status created = kube.Create(kube::kSecrets, secret).status();
  return absl::IsAlreadyExists(created) ? absl::OkStatus() : created;
}

absl::Status CreateSecrets(const Context& context, kube::KubeClient& kube,
                           const jobs::JobRequest& request, const Json& job,
                           MakeFiles make_files) {
  LANDWAITER_ASSIGN_OR_RETURN(const jobs::SecretFiles files, make_files());
  const Json pull = jobs::BuildPullSecret(request, job, files);
  if (!pull.is_null()) LANDWAITER_RETURN_IF_ERROR(CreateOnce(kube, pull));
  LANDWAITER_RETURN_IF_ERROR(
      CreateOnce(kube, jobs::BuildSecret(request, job, files)));
  return context.failpoints->Hit(base::kOperatorSecretCreated);
}

// Of every cluster. A kubeconfig may lead to the operator's own cluster, whose
// Jobs are then seen by two caches: the link's counts.
std::vector<kube::ObjectPtr> AllJobs(const Context& context) {
  std::vector<kube::ObjectPtr> all;
  for (const std::string& ns : context.settings->scan_namespaces) {
    for (kube::ObjectPtr& job : context.cache->List(kube::kJobs, ns)) {
      if (AccessOf(context, *job).link == nullptr) all.push_back(job);
    }
  }
  if (context.clusters == nullptr) return all;
  for (const std::shared_ptr<ClusterLink>& link : context.clusters->All()) {
    for (const std::string& ns : context.settings->scan_namespaces) {
      for (kube::ObjectPtr& job : link->cache().List(kube::kJobs, ns)) {
        all.push_back(std::move(job));
      }
    }
  }
  return all;
}

}  // namespace

absl::Status StartJob(const Context& context, jobs::JobRequest request,
                      MakeFiles make_files) {
  request.secret = base::StrCat(
      request.name, "-",
      absl::StrFormat("%x", absl::ToUnixMillis(context.clock->Now())));
  LANDWAITER_ASSIGN_OR_RETURN(const ClusterAccess access,
                              AccessTo(context, request.cluster));
  kube::KubeClient& kube = *access.kube;
  LANDWAITER_ASSIGN_OR_RETURN(const Json job,
                              CreateOrGetJob(context, kube, request));
  const jobs::JobState state = jobs::StateOf(job);
  if (!state.suspended || kube::IsBeingDeleted(job)) return absl::OkStatus();
  request.secret = state.secret;  // an earlier try's, if that made the Job
  LANDWAITER_RETURN_IF_ERROR(
      CreateSecrets(context, kube, request, job, make_files));
  LANDWAITER_RETURN_IF_ERROR(
      kube.Patch(kube::kJobs, {request.ns, request.name},
                 {{"metadata", {{"uid", kube::UidOf(job)}}},
                  {"spec", {{"suspend", false}}}},
                 {})
          .status());
  return context.failpoints->Hit(base::kOperatorJobStarted);
}

absl::Status DeleteJob(const Context& context, const Json& job) {
  if (kube::IsBeingDeleted(job)) return absl::OkStatus();
  const ClusterAccess access = AccessOf(context, job);
  const absl::Status status = access.kube->Delete(kube::kJobs, kube::KeyOf(job),
                                                  {.uid = kube::UidOf(job)});
  // ABORTED: the name is another Job's by now.
  if (absl::IsNotFound(status) || absl::IsAborted(status)) {
    return absl::OkStatus();
  }
  return status;
}

absl::Status DeleteJobUnlessAway(const Context& context, const Json& job) {
  const absl::Status status = DeleteJob(context, job);
  const bool away =
      AccessOf(context, job).link != nullptr && IsTransient(status);
  return away ? absl::OkStatus() : status;
}

kube::ObjectPtr FindJob(const Context& context,
                        const api::RepositoryCluster& cluster,
                        const kube::ObjectKey& key) {
  const absl::StatusOr<ClusterAccess> access = AccessTo(context, cluster);
  return access.ok() ? access->cache->Get(kube::kJobs, key) : nullptr;
}

std::vector<kube::ObjectPtr> JobsOf(const Context& context, jobs::JobKind kind,
                                    const std::string& registry_uid) {
  std::vector<kube::ObjectPtr> found;
  for (kube::ObjectPtr& job : AllJobs(context)) {
    if (kube::LabelOf(*job, api::kRegistryUidLabel) == registry_uid &&
        kube::LabelOf(*job, api::kJobLabel) == jobs::ToString(kind)) {
      found.push_back(std::move(job));
    }
  }
  return found;
}

std::vector<kube::ObjectPtr> JobsIn(const Context& context,
                                    const std::string& cluster_uid) {
  std::vector<kube::ObjectPtr> found;
  for (kube::ObjectPtr& job : AllJobs(context)) {
    if (kube::LabelOf(*job, api::kClusterUidLabel) == cluster_uid) {
      found.push_back(std::move(job));
    }
  }
  return found;
}

std::vector<kube::ObjectPtr> PodsOf(const Context& context, const Json& job) {
  const ClusterAccess access = AccessOf(context, job);
  std::vector<kube::ObjectPtr> found;
  for (kube::ObjectPtr& pod :
       access.cache->List(kube::kPods, kube::NamespaceOf(job))) {
    if (jobs::BelongsTo(*pod, job)) found.push_back(std::move(pod));
  }
  return found;
}

}  // namespace landwaiter::reconcile
