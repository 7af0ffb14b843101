#include "operator/reconcile/image_registry.h"

#include <algorithm>
#include <utility>

#include "core/base/failure.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/api/names.h"
#include "operator/api/reasons.h"
#include "operator/api/registry_types.h"
#include "operator/jobs/connection_error.h"
#include "operator/jobs/job_status.h"
#include "operator/reconcile/cluster_access.h"
#include "operator/reconcile/cluster_choice.h"
#include "operator/reconcile/finalizer.h"
#include "operator/reconcile/job_runner.h"
#include "operator/reconcile/registry_connection.h"
#include "operator/reconcile/registry_facts.h"
#include "operator/reconcile/registry_work.h"

namespace landwaiter::reconcile {
namespace {

using kube::Json;
namespace reason = api::reason;

}  // namespace

kube::ObjectPtr FindSecret(const Context& context, const std::string& ns,
                           const std::string& name) {
  return context.cache->Get(kube::kSecrets, {ns, name});
}

std::string NotImplementedIn(const api::ImageRegistry& registry) {
  if (api::IsBuilt(registry.type)) return "";
  return base::StrCat("spec.type: registries of type ", registry.type,
                      " are not built yet");
}

model::RegistrySpec SpecForAnalyzer(const api::ImageRegistry& registry) {
  return {.uid = registry.uid,
          .name = registry.name,
          .host = registry.host,
          .images_per_hour = registry.images_per_hour,
          .include = registry.include,
          .exclude = registry.exclude};
}

ImageRegistryReconciler::ImageRegistryReconciler(const Context* context)
    : context_(*context), writer_(context, &api::kImageRegistries) {}

void ImageRegistryReconciler::ForgetApplied() {
  absl::MutexLock lock(&mutex_);
  applied_.clear();
}

absl::StatusOr<absl::Time> ImageRegistryReconciler::Reconcile(
    const kube::ObjectKey& key) {
  const kube::ObjectPtr object =
      context_.cache->Get(api::kImageRegistries, key);
  if (object == nullptr) return absl::InfiniteFuture();
  if (kube::IsBeingDeleted(*object)) {
    return Finalize(context_, api::kImageRegistries, *object,
                    [&] { return CleanUp(*object); });
  }
  if (!HasFinalizer(*object)) {
    LANDWAITER_RETURN_IF_ERROR(
        AddFinalizer(context_, api::kImageRegistries, *object));
    return absl::InfiniteFuture();  // its own update comes back here
  }
  return ReconcileLive(*object);
}

absl::StatusOr<absl::Time> ImageRegistryReconciler::ReconcileLive(
    const Json& object) {
  RegistryDraft draft(object, context_.clock->Now());
  const bool usable = Accept(draft) && TellAnalyzer(draft) &&
                      ResolveCluster(draft) && ResolveCredentials(draft);
  if (!usable) {
    draft.Fail(DeleteVerifyJobs(context_, kube::UidOf(object), ""));
  } else if (VerifyConnection(context_, draft) &&
             !StartRegistryWork(context_, draft)) {
    ForgetApplied();
  }
  draft.status["conditions"] = draft.conditions.ToJson();
  LANDWAITER_ASSIGN_OR_RETURN(const absl::Time again,
                              writer_.Write(object, std::move(draft.status)));
  LANDWAITER_RETURN_IF_ERROR(draft.error);
  return std::min(again, draft.again);
}

absl::Status ImageRegistryReconciler::CleanUp(const Json& object) {
  const std::string uid = kube::UidOf(object);
  {
    absl::MutexLock lock(&mutex_);
    applied_.erase(uid);
  }
  // While its cluster is away its Jobs there are not known.
  const kube::ObjectPtr cluster = context_.cache->Get(
      api::kRepositoryClusters,
      {kube::NamespaceOf(object),
       kube::StringAt(object, {"spec", "clusterRef", "name"})});
  if (cluster != nullptr && WasReached(*cluster) &&
      IsAway(context_, *cluster)) {
    return absl::UnavailableError(
        base::StrCat("RepositoryCluster ", kube::NameOf(*cluster),
                     " is away, and the registry's Jobs may be there"));
  }
  for (const jobs::JobKind kind :
       {jobs::JobKind::kVerify, jobs::JobKind::kScan}) {
    for (const kube::ObjectPtr& job : JobsOf(context_, kind, uid)) {
      LANDWAITER_RETURN_IF_ERROR(DeleteJob(context_, *job));
    }
  }
  const absl::Status deleted = context_.analyzer->DeleteRegistry(
      TenantOf(*context_.settings, kube::NamespaceOf(object)), uid);
  return absl::IsNotFound(deleted) ? absl::OkStatus() : deleted;
}

bool ImageRegistryReconciler::Accept(RegistryDraft& draft) {
  absl::StatusOr<api::ImageRegistry> registry =
      api::ImageRegistry::Parse(draft.object);
  if (!registry.ok()) {
    draft.Stall(reason::kInvalidSpec, std::string(registry.status().message()));
    return false;
  }
  draft.registry = *std::move(registry);
  const std::string missing = NotImplementedIn(draft.registry);
  if (!missing.empty()) {
    draft.Stall(reason::kNotImplemented, missing);
    return false;
  }
  PutRegistryFacts(*context_.settings, draft);
  return true;
}

bool ImageRegistryReconciler::TellAnalyzer(RegistryDraft& draft) {
  const api::ImageRegistry& registry = draft.registry;
  const std::string told =
      base::StrCat(registry.ns, "/", registry.generation, "/", registry.name);
  {
    absl::MutexLock lock(&mutex_);
    const auto it = applied_.find(registry.uid);
    if (it != applied_.end() && it->second == told) return true;
  }
  const absl::Status status = context_.analyzer->ApplyRegistry(
      TenantOf(*context_.settings, registry.ns), SpecForAnalyzer(registry));
  if (status.ok()) {
    absl::MutexLock lock(&mutex_);
    applied_[registry.uid] = told;
    return true;
  }
  if (IsTransient(status)) {
    // The connection is tried all the same: it needs no analyzer.
    draft.Fail(base::WithContext(status, "telling the analyzer"));
    return true;
  }
  draft.Stall(reason::kAnalyzerRefused, std::string(status.message()));
  return false;
}

bool ImageRegistryReconciler::ResolveCluster(RegistryDraft& draft) {
  if (draft.registry.suspend) {
    draft.conditions.SetNotReady(reason::kSuspended,
                                 "spec.suspend: no work is started.");
    if (!draft.status.contains("phase")) draft.SetPhase("Pending");
    return false;
  }
  ClusterChoice choice =
      ChooseCluster(context_, draft.registry.ns, draft.registry.cluster);
  if (choice.problem.empty()) {
    draft.cluster = std::move(choice.cluster);
    draft.scan_namespace = std::move(choice.scan_namespace);
    if (kube::StringAt(draft.status, {"error", "code"}) ==
        "ClusterNotRunning") {
      draft.status.erase("error");
    }
    return true;
  }
  jobs::VerifyResult result;
  result.code = base::ToString(base::FailureCode::kClusterNotRunning);
  result.message = choice.message;
  draft.status["error"] = jobs::ErrorJson(result, draft.registry);
  draft.Stall(choice.problem, choice.message);
  return false;
}

bool ImageRegistryReconciler::ResolveCredentials(RegistryDraft& draft) {
  absl::StatusOr<jobs::Credentials> credentials =
      jobs::ResolveCredentials(draft.registry, [&](const std::string& name) {
        return FindSecret(context_, draft.registry.ns, name);
      });
  if (credentials.ok()) {
    draft.credentials = *std::move(credentials);
    return true;
  }
  draft.Stall(absl::IsNotFound(credentials.status()) ? reason::kSecretNotFound
                                                     : reason::kSecretInvalid,
              std::string(credentials.status().message()));
  return false;
}

}  // namespace landwaiter::reconcile
