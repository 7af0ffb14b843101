#include "operator/reconcile/registry_connection.h"

#include <optional>
#include <utility>

#include "core/base/failure.h"
#include "core/base/strings.h"
#include "operator/api/reasons.h"
#include "operator/jobs/connection_error.h"
#include "operator/jobs/uploaded_component.h"
#include "operator/reconcile/job_runner.h"
#include "operator/reconcile/registry_sync.h"
#include "operator/reconcile/verification.h"

namespace landwaiter::reconcile {
namespace {

using api::ConditionStatus;
using kube::Json;
namespace reason = api::reason;

// What the condition Connected says of a registry that has no note.
constexpr std::string_view kAnswered = "The registry answered.";

jobs::JobRequest VerifyRequest(const Context& context,
                               const RegistryDraft& draft) {
  jobs::JobRequest request;
  request.kind = jobs::JobKind::kVerify;
  request.ns = draft.scan_namespace;
  request.component = context.settings->component;
  request.registry = draft.registry;
  request.cluster = draft.cluster;
  return request;
}

void ShowSuccess(RegistryDraft& draft) {
  std::string message = "The registry can be used.";
  if (draft.registry.IsListedOnly()) {
    base::StrAppend(&message,
                    " Its images are listed, but never scanned: it is an ACR "
                    "of the Personal edition.");
  }
  const api::Condition* connected = draft.conditions.Find(api::kConnected);
  if (connected != nullptr && connected->message != kAnswered) {
    base::StrAppend(&message, " ", connected->message);
  }
  draft.status.erase("error");
  draft.conditions.SetReady(reason::kVerified, message);
  draft.SetPhase("Connected");
}

void ShowFailure(RegistryDraft& draft, const jobs::VerifyResult& result,
                 bool final) {
  draft.status["error"] = jobs::ErrorJson(result, draft.registry);
  const std::string message = jobs::ErrorMessage(result);
  if (final) {
    draft.conditions.SetStalled(result.code, message);
  } else {
    draft.conditions.SetRetrying(result.code, message);
  }
  draft.SetPhase("Error");
}

// Nothing new was learned; but what had stalled the object since the last try
// may have been put right.
void ShowLastResult(RegistryDraft& draft, const Verification& last) {
  const api::Condition* connected = draft.conditions.Find(api::kConnected);
  if (connected == nullptr) return;
  if (connected->status == ConditionStatus::kTrue) {
    ShowSuccess(draft);
    return;
  }
  jobs::VerifyResult result;
  result.code = connected->reason;
  result.message = connected->message;
  result.cause = kube::StringAt(draft.object, {"status", "error", "cause"});
  result.detected_version = kube::StringAt(draft.status, {"detectedVersion"});
  ShowFailure(draft, result, last.next == absl::InfiniteFuture());
}

void StartVerifyJob(const Context& context, RegistryDraft& draft,
                    jobs::JobRequest request) {
  draft.Fail(
      base::WithContext(StartJob(context, std::move(request),
                                 [&]() -> absl::StatusOr<jobs::SecretFiles> {
                                   return draft.credentials.files;
                                 }),
                        "starting the check of the connection"));
}

// What the try tells of the scan component: where it runs, it was pulled.
void PutComponent(const Context& context, RegistryDraft& draft,
                  const jobs::VerifyResult& result) {
  draft.status.erase("scanComponent");
  const auto set = [&](ConditionStatus status, std::string_view why,
                       std::string_view message) {
    draft.conditions.Set(api::kScanComponentAvailable, status, why, message);
  };
  if (result.code == base::ToString(base::FailureCode::kScanComponentMissing)) {
    set(ConditionStatus::kFalse, reason::kScanComponentMissing, result.message);
  } else if (!jobs::IsUploaded(draft.registry)) {
    set(ConditionStatus::kTrue, reason::kPulled,
        "The cluster has the scan component.");
  } else if (!result.ok || result.component_digest.empty()) {
    set(ConditionStatus::kUnknown, reason::kVerifying,
        "The cluster has pulled the uploaded scan component; it is checked "
        "once the registry can be used.");
  } else {
    const std::string& version = context.settings->component.version;
    draft.status["scanComponent"] = {
        {"image", jobs::UploadedReference(draft.registry, version,
                                          result.component_digest)},
        {"digest", result.component_digest}};
    set(ConditionStatus::kTrue, reason::kPulled,
        base::StrCat("The uploaded scan component is that of release ", version,
                     "."));
  }
}

void RecordResult(const Context& context, RegistryDraft& draft,
                  const Verification& last, const std::string& fingerprint,
                  absl::Time doubted, const jobs::VerifyResult& result) {
  const Verification record =
      Record(last, fingerprint, result, context.settings->verify_interval,
             doubted, draft.now);
  draft.status["verification"] = record.ToJson();
  draft.ComeBack(record.next);
  if (!result.detected_version.empty()) {
    draft.status["detectedVersion"] = result.detected_version;
  }
  PutComponent(context, draft, result);
  if (result.ok) {
    draft.conditions.Set(
        api::kConnected, ConditionStatus::kTrue, reason::kVerified,
        result.message.empty() ? kAnswered : std::string_view(result.message));
    ShowSuccess(draft);
    return;
  }
  draft.conditions.Set(api::kConnected, ConditionStatus::kFalse, result.code,
                       jobs::ErrorMessage(result));
  ShowFailure(draft, result, record.next == absl::InfiniteFuture());
}

// A login that the registry refused to the kubelet: trying it again and again
// would lock the account as well as any other.
void TellRefusedPull(const api::ImageRegistry& registry,
                     jobs::VerifyResult& result) {
  if (!jobs::IsUploaded(registry) || result.cause != kCauseImagePull) return;
  const std::string message = base::ToLower(result.message);
  for (const std::string_view refused :
       {" 401", "unauthorized", "authentication required",
        "incorrect username or password"}) {
    if (base::Contains(message, refused)) result.cause = "Unauthorized";
  }
}

}  // namespace

bool VerifyConnection(const Context& context, RegistryDraft& draft) {
  Verification last = Verification::FromStatus(draft.object);
  const absl::Time doubted = ListingFailedAt(TasksOf(context, draft.registry));
  last.next = NextAfterDoubt(last, doubted, context.settings->verify_interval);
  jobs::JobRequest request = VerifyRequest(context, draft);
  const std::string fingerprint =
      FingerprintOf(request, draft.credentials.version);
  const std::string name = jobs::JobName(jobs::JobKind::kVerify, draft.registry,
                                         AttemptId(last, fingerprint));
  request.name = name;
  const std::optional<AttemptJob> attempt =
      FindAttempt(context, draft.cluster, {draft.scan_namespace, name});
  VerificationStep step = NextStep(last, fingerprint, attempt, draft.now);
  draft.ComeBack(step.again);
  const bool under_way = step.kind == VerificationStep::kStart ||
                         step.kind == VerificationStep::kWait;
  draft.Fail(
      DeleteVerifyJobs(context, draft.registry.uid, under_way ? name : ""));

  if (step.kind == VerificationStep::kRecord) {
    TellRefusedPull(draft.registry, step.result);
    RecordResult(context, draft, last, fingerprint, doubted, step.result);
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
    StartVerifyJob(context, draft, std::move(request));
  }
  return draft.conditions.IsTrue(api::kConnected);
}

absl::Status DeleteVerifyJobs(const Context& context,
                              const std::string& registry_uid,
                              const std::string& but) {
  for (const kube::ObjectPtr& job :
       JobsOf(context, jobs::JobKind::kVerify, registry_uid)) {
    if (kube::NameOf(*job) == but) continue;
    LANDWAITER_RETURN_IF_ERROR(DeleteJobUnlessAway(context, *job));
  }
  return absl::OkStatus();
}

}  // namespace landwaiter::reconcile
