#include "operator/reconcile/job_runner.h"

#include <utility>

#include "absl/strings/str_format.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/api/names.h"
#include "operator/jobs/job_status.h"

namespace landwaiter::reconcile {
namespace {

using kube::Json;

// The Job as it is on the API server, created if it was not there.
absl::StatusOr<Json> CreateOrGetJob(const Context& context,
                                    const jobs::JobRequest& request) {
  absl::StatusOr<Json> job =
      context.kube->Create(kube::kJobs, jobs::BuildJob(request));
  if (job.ok()) {
    LANDWAITER_RETURN_IF_ERROR(
        context.failpoints->Hit(base::kOperatorJobCreated));
    return job;
  }
  if (!absl::IsAlreadyExists(job.status())) return job.status();
  return context.kube->Get(kube::kJobs, {request.ns, request.name});
}

// That it is there from an earlier try is fine.
absl::Status CreateOnce(const Context& context, const Json& secret) {
  const absl::Status created =
      context.kube->Create(kube::kSecrets, secret).status();
  return absl::IsAlreadyExists(created) ? absl::OkStatus() : created;
}

absl::Status CreateSecrets(const Context& context,
                           const jobs::JobRequest& request, const Json& job,
                           MakeFiles make_files) {
  LANDWAITER_ASSIGN_OR_RETURN(const jobs::SecretFiles files, make_files());
  const Json pull = jobs::BuildPullSecret(request, job, files);
  if (!pull.is_null()) LANDWAITER_RETURN_IF_ERROR(CreateOnce(context, pull));
  LANDWAITER_RETURN_IF_ERROR(
      CreateOnce(context, jobs::BuildSecret(request, job, files)));
  return context.failpoints->Hit(base::kOperatorSecretCreated);
}

}  // namespace

absl::Status StartJob(const Context& context, jobs::JobRequest request,
                      MakeFiles make_files) {
  request.secret = base::StrCat(
      request.name, "-",
      absl::StrFormat("%x", absl::ToUnixMillis(context.clock->Now())));
  LANDWAITER_ASSIGN_OR_RETURN(const Json job, CreateOrGetJob(context, request));
  const jobs::JobState state = jobs::StateOf(job);
  if (!state.suspended || kube::IsBeingDeleted(job)) return absl::OkStatus();
  request.secret = state.secret;  // an earlier try's, if that made the Job
  LANDWAITER_RETURN_IF_ERROR(CreateSecrets(context, request, job, make_files));
  LANDWAITER_RETURN_IF_ERROR(
      context.kube
          ->Patch(kube::kJobs, {request.ns, request.name},
                  {{"metadata", {{"uid", kube::UidOf(job)}}},
                   {"spec", {{"suspend", false}}}},
                  {})
          .status());
  return context.failpoints->Hit(base::kOperatorJobStarted);
}

absl::Status DeleteJob(const Context& context, const Json& job) {
  if (kube::IsBeingDeleted(job)) return absl::OkStatus();
  const absl::Status status = context.kube->Delete(
      kube::kJobs, kube::KeyOf(job), {.uid = kube::UidOf(job)});
  // ABORTED: the name is another Job's by now.
  if (absl::IsNotFound(status) || absl::IsAborted(status)) {
    return absl::OkStatus();
  }
  return status;
}

std::vector<kube::ObjectPtr> JobsOf(const Context& context, jobs::JobKind kind,
                                    const std::string& registry_uid) {
  std::vector<kube::ObjectPtr> found;
  for (const std::string& ns : context.settings->scan_namespaces) {
    for (kube::ObjectPtr& job : context.cache->List(kube::kJobs, ns)) {
      if (kube::LabelOf(*job, api::kRegistryUidLabel) == registry_uid &&
          kube::LabelOf(*job, api::kJobLabel) == jobs::ToString(kind)) {
        found.push_back(std::move(job));
      }
    }
  }
  return found;
}

std::vector<kube::ObjectPtr> PodsOf(const Context& context, const Json& job) {
  std::vector<kube::ObjectPtr> found;
  for (kube::ObjectPtr& pod :
       context.cache->List(kube::kPods, kube::NamespaceOf(job))) {
    if (jobs::BelongsTo(*pod, job)) found.push_back(std::move(pod));
  }
  return found;
}

}  // namespace landwaiter::reconcile
