#include "operator/reconcile/image_registry.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/base/failure.h"
#include "core/base/hash.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/api/names.h"
#include "operator/api/reasons.h"
#include "operator/api/text.h"
#include "operator/reconcile/cluster_access.h"
#include "operator/reconcile/finalizer.h"
#include "operator/reconcile/job_runner.h"
#include "operator/reconcile/registry_sync.h"
#include "operator/reconcile/task_factory.h"

namespace landwaiter::reconcile {
namespace {

using api::ConditionStatus;
using kube::Json;
namespace reason = api::reason;

// What is kept of the old status until something better is known.
Json CarriedOver(const Json& object) {
  Json status = Json::object();
  const Json* before = kube::Find(object, {"status"});
  if (before == nullptr || !before->is_object()) return status;
  for (const char* key :
       {"phase", "error", "detectedVersion", "managedBy", "repositories",
        "images", "lastSyncTime", "nextSyncTime", "budget", "commands",
        "findings", "verification", "handled"}) {
    if (before->contains(key)) status[key] = (*before)[key];
  }
  return status;
}

std::vector<kube::ObjectPtr> TasksOf(const Context& context,
                                     const api::ImageRegistry& registry) {
  std::vector<kube::ObjectPtr> tasks =
      context.cache->List(api::kScanTasks, registry.ns);
  std::erase_if(tasks, [&](const kube::ObjectPtr& task) {
    return kube::LabelOf(*task, api::kRegistryUidLabel) != registry.uid;
  });
  return tasks;
}

}  // namespace

kube::ObjectPtr FindSecret(const Context& context, const std::string& ns,
                           const std::string& name) {
  return context.cache->Get(kube::kSecrets, {ns, name});
}

std::string NotImplementedIn(const api::ImageRegistry& registry) {
  if (registry.type != "OCI") {
    return base::StrCat("spec.type: registries of type ", registry.type,
                        " are not built yet; use OCI");
  }
  if (registry.scan_component_source != "Published") {
    return "spec.scanComponent.source: Uploaded is not built yet; use "
           "Published";
  }
  return "";
}

model::RegistrySpec SpecForAnalyzer(const api::ImageRegistry& registry) {
  return {.uid = registry.uid,
          .name = registry.name,
          .host = registry.host,
          .images_per_hour = registry.images_per_hour,
          .include = registry.include,
          .exclude = registry.exclude};
}

struct ImageRegistryReconciler::Draft {
  Draft(const Json& live, absl::Time time)
      : object(live),
        now(time),
        conditions(live, time),
        status(CarriedOver(live)) {}

  const Json& object;
  const absl::Time now;
  api::Conditions conditions;
  Json status;
  absl::Time again = absl::InfiniteFuture();
  absl::Status error;  // try again with back-off, after the status is written

  api::ImageRegistry registry;
  api::RepositoryCluster cluster;
  std::string scan_namespace;
  jobs::Credentials credentials;

  void SetPhase(std::string_view phase) {
    status["phase"] = std::string(phase);
  }
  void Stall(std::string_view why, const std::string& message) {
    conditions.SetStalled(why, message);
    SetPhase(conditions.IsTrue(api::kConnected) ? "Error" : "Pending");
  }
  void ComeBack(absl::Time time) { again = std::min(again, time); }
  void Fail(absl::Status status_of_call) {
    if (error.ok()) error = std::move(status_of_call);
  }
};

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
  Draft draft(object, context_.clock->Now());
  const bool usable = Accept(draft) && TellAnalyzer(draft) &&
                      ResolveCluster(draft) && ResolveCredentials(draft);
  if (!usable) {
    draft.Fail(DeleteVerifyJobs(kube::UidOf(object), ""));
  } else if (Verify(draft)) {
    StartWork(draft);
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

bool ImageRegistryReconciler::Accept(Draft& draft) {
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
  return true;
}

bool ImageRegistryReconciler::TellAnalyzer(Draft& draft) {
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

bool ImageRegistryReconciler::ResolveCluster(Draft& draft) {
  if (draft.registry.suspend) {
    draft.conditions.SetNotReady(reason::kSuspended,
                                 "spec.suspend: no work is started.");
    if (!draft.status.contains("phase")) draft.SetPhase("Pending");
    return false;
  }
  const std::string& name = draft.registry.cluster;
  const kube::ObjectPtr object =
      context_.cache->Get(api::kRepositoryClusters, {draft.registry.ns, name});
  std::string problem;
  std::string_view why = reason::kClusterNotRunning;
  if (object == nullptr) {
    why = reason::kClusterNotFound;
    problem =
        base::StrCat("spec.clusterRef: there is no RepositoryCluster ", name);
  } else if (!api::HasTrueCondition(*object, api::kReady)) {
    problem = base::StrCat("RepositoryCluster ", name, " is not running");
  }
  if (problem.empty()) {
    auto cluster = api::RepositoryCluster::Parse(*object);
    auto ns = cluster.ok() ? ScanNamespaceOf(*cluster, *context_.settings)
                           : absl::StatusOr<std::string>(cluster.status());
    if (ns.ok()) {
      draft.cluster = *std::move(cluster);
      draft.scan_namespace = *std::move(ns);
      if (kube::StringAt(draft.status, {"error", "code"}) ==
          "ClusterNotRunning") {
        draft.status.erase("error");
      }
      return true;
    }
    problem = std::string(ns.status().message());
  }
  jobs::VerifyResult result;
  result.code = base::ToString(base::FailureCode::kClusterNotRunning);
  draft.status["error"] = {{"code", result.code},
                           {"message", api::Text(problem, 512)},
                           {"solution", jobs::SolutionFor(result, false)}};
  draft.Stall(why, problem);
  return false;
}

bool ImageRegistryReconciler::ResolveCredentials(Draft& draft) {
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

// True if the registry may be used now, on the word of the last try.
bool ImageRegistryReconciler::Verify(Draft& draft) {
  const Verification last = Verification::FromStatus(draft.object);
  const std::string fingerprint =
      FingerprintOf(draft.registry, draft.credentials.version,
                    draft.cluster.uid, context_.settings->component.image);
  const std::string name = jobs::JobName(jobs::JobKind::kVerify, draft.registry,
                                         AttemptId(last, fingerprint));
  std::optional<AttemptJob> attempt;
  if (kube::ObjectPtr job =
          context_.cache->Get(kube::kJobs, {draft.scan_namespace, name})) {
    attempt = AttemptJob{job, PodsOf(context_, *job)};
  }
  const VerificationStep step = NextStep(last, fingerprint, attempt, draft.now);
  draft.ComeBack(step.again);
  const bool under_way = step.kind == VerificationStep::kStart ||
                         step.kind == VerificationStep::kWait;
  draft.Fail(DeleteVerifyJobs(draft.registry.uid, under_way ? name : ""));

  if (step.kind == VerificationStep::kRecord) {
    RecordResult(draft, last, fingerprint, step.result);
  } else if (under_way && last.fingerprint != fingerprint) {
    draft.conditions.Set(api::kConnected, ConditionStatus::kUnknown,
                         reason::kVerifying, step.message);
    draft.conditions.SetReconciling(
        reason::kVerifying,
        base::StrCat("The connection is being tried. ", step.message));
    draft.SetPhase("Connecting");
  } else {
    ShowLastResult(draft, last);
  }
  if (step.kind == VerificationStep::kStart) {
    StartVerifyJob(draft, name, draft.scan_namespace);
  }
  return draft.conditions.IsTrue(api::kConnected);
}

// Nothing new was learned; but what had stalled the object since the last try
// may have been put right.
void ImageRegistryReconciler::ShowLastResult(Draft& draft,
                                             const Verification& last) {
  const api::Condition* connected = draft.conditions.Find(api::kConnected);
  if (connected == nullptr) return;
  if (connected->status == ConditionStatus::kTrue) {
    draft.status.erase("error");
    draft.conditions.SetReady(reason::kVerified, "The registry can be used.");
    draft.SetPhase("Connected");
    return;
  }
  jobs::VerifyResult result;
  result.code = connected->reason;
  result.message = connected->message;
  result.cause = kube::StringAt(draft.status, {"error", "cause"});
  result.detected_version = kube::StringAt(draft.status, {"detectedVersion"});
  ShowFailure(draft, result, last.next == absl::InfiniteFuture());
}

void ImageRegistryReconciler::StartVerifyJob(Draft& draft,
                                             const std::string& name,
                                             const std::string& ns) {
  jobs::JobRequest request;
  request.kind = jobs::JobKind::kVerify;
  request.name = name;
  request.ns = ns;
  request.component = context_.settings->component;
  request.registry = draft.registry;
  request.cluster = draft.cluster;
  draft.Fail(
      base::WithContext(StartJob(context_, std::move(request),
                                 [&]() -> absl::StatusOr<jobs::SecretFiles> {
                                   return draft.credentials.files;
                                 }),
                        "starting the check of the connection"));
}

void ImageRegistryReconciler::RecordResult(Draft& draft,
                                           const Verification& last,
                                           const std::string& fingerprint,
                                           const jobs::VerifyResult& result) {
  const Verification record = Record(
      last, fingerprint, result, context_.settings->verify_interval, draft.now);
  draft.status["verification"] = record.ToJson();
  draft.ComeBack(record.next);
  if (!result.detected_version.empty()) {
    draft.status["detectedVersion"] = result.detected_version;
  }
  const bool missing =
      result.code == base::ToString(base::FailureCode::kScanComponentMissing);
  draft.conditions.Set(
      api::kScanComponentAvailable,
      missing ? ConditionStatus::kFalse : ConditionStatus::kTrue,
      missing ? reason::kScanComponentMissing : reason::kPulled,
      missing ? result.message : "The cluster has the scan component.");
  if (result.ok) {
    draft.status.erase("error");
    draft.conditions.Set(
        api::kConnected, ConditionStatus::kTrue, reason::kVerified,
        result.message.empty() ? "The registry answered." : result.message);
    draft.conditions.SetReady(reason::kVerified, "The registry can be used.");
    draft.SetPhase("Connected");
    return;
  }
  draft.conditions.Set(api::kConnected, ConditionStatus::kFalse, result.code,
                       result.message);
  ShowFailure(draft, result, record.next == absl::InfiniteFuture());
}

void ImageRegistryReconciler::ShowFailure(Draft& draft,
                                          const jobs::VerifyResult& result,
                                          bool final) {
  const bool private_network =
      kube::StringAt(draft.object, {"spec", "network"}) == "VPC" ||
      !draft.registry.connect_ip.empty();
  draft.status["error"] = {
      {"code", result.code},
      {"message", result.message},
      {"solution", jobs::SolutionFor(result, private_network)}};
  if (!result.cause.empty()) draft.status["error"]["cause"] = result.cause;
  if (final) {
    draft.conditions.SetStalled(result.code, result.message);
  } else {
    draft.conditions.SetRetrying(result.code, result.message);
  }
  draft.SetPhase("Error");
}

absl::Status ImageRegistryReconciler::DeleteVerifyJobs(
    const std::string& registry_uid, const std::string& but) {
  for (const kube::ObjectPtr& job :
       JobsOf(context_, jobs::JobKind::kVerify, registry_uid)) {
    if (kube::NameOf(*job) == but) continue;
    LANDWAITER_RETURN_IF_ERROR(DeleteJob(context_, *job));
  }
  return absl::OkStatus();
}

void ImageRegistryReconciler::StartWork(Draft& draft) {
  const api::ImageRegistry& registry = draft.registry;
  const absl::StatusOr<model::RegistryStatus> known =
      context_.analyzer->GetRegistry(TenantOf(*context_.settings, registry.ns),
                                     registry.uid);
  if (!known.ok()) {
    if (absl::IsNotFound(known.status())) ForgetApplied();
    draft.conditions.Set(api::kSynced, ConditionStatus::kUnknown,
                         reason::kAnalyzerUnavailable,
                         std::string(known.status().message()));
    draft.Fail(base::WithContext(known.status(), "asking the analyzer"));
    return;
  }
  PutRegistryStatus(*known, registry.images_per_hour, draft.status);
  PutSynced(known->last_sync, registry.sync_interval, draft.now,
            draft.conditions);
  const SyncPlan plan = PlanSync(registry, known->last_sync,
                                 TasksOf(context_, registry), draft.now);
  draft.status["nextSyncTime"] = kube::TimeText(plan.next);
  if (plan.start) {
    draft.Fail(
        CreateTask(context_, draft.object,
                   TaskOfRegistry({plan.name, "ImageSync", kTriggerInterval,
                                   registry.sync_interval + absl::Hours(1)},
                                  registry)));
  } else if (plan.next > draft.now) {
    draft.ComeBack(plan.next);
  }
  HandleRequest(draft, registry.sync_request, "sync", "ImageSync", "sync");
  HandleRequest(draft, registry.scan_request, "scan", "ImageScan", "scan");
}

void ImageRegistryReconciler::HandleRequest(Draft& draft,
                                            const std::string& request,
                                            const char* handled,
                                            const std::string& type,
                                            std::string_view what) {
  if (request.empty() ||
      kube::StringAt(draft.status, {"handled", handled}) == request) {
    return;
  }
  const std::string suffix =
      base::Sha256Hex(base::StrCat(draft.registry.uid, "/", request))
          .substr(0, 8);
  const absl::Status created =
      CreateTask(context_, draft.object,
                 TaskOfRegistry({TaskName(draft.registry.name, what, suffix),
                                 type, kTriggerAnnotation},
                                draft.registry));
  if (created.ok()) draft.status["handled"][handled] = request;
  draft.Fail(created);
}

}  // namespace landwaiter::reconcile
