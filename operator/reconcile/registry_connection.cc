#include "operator/reconcile/registry_connection.h"

#include <optional>
#include <utility>

#include "core/base/failure.h"
#include "core/base/strings.h"
#include "operator/api/reasons.h"
#include "operator/reconcile/job_runner.h"
#include "operator/reconcile/verification.h"

namespace landwaiter::reconcile {
namespace {

using api::ConditionStatus;
using kube::Json;
namespace reason = api::reason;

void ShowFailure(RegistryDraft& draft, const jobs::VerifyResult& result,
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

// Nothing new was learned; but what had stalled the object since the last try
// may have been put right.
void ShowLastResult(RegistryDraft& draft, const Verification& last) {
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

void StartVerifyJob(const Context& context, RegistryDraft& draft,
                    const std::string& name, const std::string& ns) {
  jobs::JobRequest request;
  request.kind = jobs::JobKind::kVerify;
  request.name = name;
  request.ns = ns;
  request.component = context.settings->component;
  request.registry = draft.registry;
  request.cluster = draft.cluster;
  draft.Fail(
      base::WithContext(StartJob(context, std::move(request),
                                 [&]() -> absl::StatusOr<jobs::SecretFiles> {
                                   return draft.credentials.files;
                                 }),
                        "starting the check of the connection"));
}

void RecordResult(const Context& context, RegistryDraft& draft,
                  const Verification& last, const std::string& fingerprint,
                  const jobs::VerifyResult& result) {
  const Verification record = Record(
      last, fingerprint, result, context.settings->verify_interval, draft.now);
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

}  // namespace

bool VerifyConnection(const Context& context, RegistryDraft& draft) {
  const Verification last = Verification::FromStatus(draft.object);
  const std::string fingerprint =
      FingerprintOf(draft.registry, draft.credentials.version,
                    draft.cluster.uid, context.settings->component.image);
  const std::string name = jobs::JobName(jobs::JobKind::kVerify, draft.registry,
                                         AttemptId(last, fingerprint));
  std::optional<AttemptJob> attempt;
  if (kube::ObjectPtr job =
          context.cache->Get(kube::kJobs, {draft.scan_namespace, name})) {
    attempt = AttemptJob{job, PodsOf(context, *job)};
  }
  const VerificationStep step = NextStep(last, fingerprint, attempt, draft.now);
  draft.ComeBack(step.again);
  const bool under_way = step.kind == VerificationStep::kStart ||
                         step.kind == VerificationStep::kWait;
  draft.Fail(
      DeleteVerifyJobs(context, draft.registry.uid, under_way ? name : ""));

  if (step.kind == VerificationStep::kRecord) {
    RecordResult(context, draft, last, fingerprint, step.result);
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
    StartVerifyJob(context, draft, name, draft.scan_namespace);
  }
  return draft.conditions.IsTrue(api::kConnected);
}

absl::Status DeleteVerifyJobs(const Context& context,
                              const std::string& registry_uid,
                              const std::string& but) {
  for (const kube::ObjectPtr& job :
       JobsOf(context, jobs::JobKind::kVerify, registry_uid)) {
    if (kube::NameOf(*job) == but) continue;
    LANDWAITER_RETURN_IF_ERROR(DeleteJob(context, *job));
  }
  return absl::OkStatus();
}

}  // namespace landwaiter::reconcile
