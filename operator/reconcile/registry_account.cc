#include "operator/reconcile/registry_account.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/base/failure.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/api/conditions.h"
#include "operator/api/names.h"
#include "operator/api/reasons.h"
#include "operator/api/registry_account.h"
#include "operator/jobs/connection_error.h"
#include "operator/reconcile/account_instances.h"
#include "operator/reconcile/account_registries.h"
#include "operator/reconcile/cluster_choice.h"
#include "operator/reconcile/image_registry.h"
#include "operator/reconcile/job_runner.h"

namespace landwaiter::reconcile {
namespace {

using kube::Json;
namespace reason = api::reason;

Json CarriedOver(const Json& object) {
  Json status = Json::object();
  for (const char* key : {"registries", "error", "lastDiscoveryTime",
                          "discovery", "verification"}) {
    const Json* before = kube::Find(object, {"status", key});
    if (before != nullptr) status[key] = *before;
  }
  return status;
}

absl::Status DeleteDiscoverJobs(const Context& context, const std::string& uid,
                                const std::string& but) {
  for (const kube::ObjectPtr& job :
       JobsOf(context, jobs::JobKind::kDiscover, uid)) {
    if (kube::NameOf(*job) == but) continue;
    LANDWAITER_RETURN_IF_ERROR(DeleteJob(context, *job));
  }
  return absl::OkStatus();
}

}  // namespace

struct RegistryAccountReconciler::Draft {
  Draft(const Json& live, absl::Time time)
      : object(live),
        now(time),
        conditions(live, time),
        status(CarriedOver(live)),
        known(KnownFromStatus(live)) {}

  const Json& object;
  const absl::Time now;
  api::Conditions conditions;
  Json status;
  std::vector<KnownInstance> known;
  int omitted = 0;  // instances for which there was no room
  absl::Time again = absl::InfiniteFuture();
  absl::Status error;

  api::RegistryAccount account;
  jobs::JobRequest request;  // of a discover Job, for all regions
  jobs::Credentials credentials;

  void ComeBack(absl::Time time) { again = std::min(again, time); }
  void Fail(absl::Status status_of_call) {
    if (error.ok()) error = std::move(status_of_call);
  }
  // What is told of the last listing that ended.
  void ShowSuccess() {
    status.erase("error");
    conditions.SetReady(reason::kDiscovered,
                        base::StrCat("The account has ", known.size(),
                                     " registries in these regions."));
  }
  void ShowFailure(const jobs::VerifyResult& result, bool final) {
    status["error"] = jobs::ErrorJson(result, account.connection);
    const std::string message = jobs::ErrorMessage(result);
    if (final) {
      conditions.SetStalled(result.code, message);
    } else {
      conditions.SetRetrying(result.code, message);
    }
  }
  void ShowLast(const Verification& last) {
    jobs::VerifyResult result;
    result.code = kube::StringAt(status, {"error", "code"});
    if (result.code.empty()) {
      if (status.contains("lastDiscoveryTime")) ShowSuccess();
      return;
    }
    result.cause = kube::StringAt(status, {"error", "cause"});
    result.message = kube::StringAt(status, {"error", "message"});
    ShowFailure(result, last.next == absl::InfiniteFuture());
  }
};

RegistryAccountReconciler::RegistryAccountReconciler(const Context* context)
    : context_(*context), writer_(context, &api::kRegistryAccounts) {}

absl::StatusOr<absl::Time> RegistryAccountReconciler::Reconcile(
    const kube::ObjectKey& key) {
  const kube::ObjectPtr object =
      context_.cache->Get(api::kRegistryAccounts, key);
  // What it owns goes with it; a Job that is left ends within minutes.
  if (object == nullptr || kube::IsBeingDeleted(*object)) {
    return absl::InfiniteFuture();
  }
  Draft draft(*object, context_.clock->Now());
  if (Accept(draft)) {
    if (Prepare(draft)) {
      Discover(draft);
    } else {
      draft.Fail(DeleteDiscoverJobs(context_, kube::UidOf(*object), ""));
    }
    Uphold(draft);
  }
  draft.status["conditions"] = draft.conditions.ToJson();
  LANDWAITER_ASSIGN_OR_RETURN(const absl::Time again,
                              writer_.Write(*object, std::move(draft.status)));
  LANDWAITER_RETURN_IF_ERROR(draft.error);
  return std::min(again, draft.again);
}

bool RegistryAccountReconciler::Accept(Draft& draft) {
  auto account = api::RegistryAccount::Parse(draft.object);
  if (!account.ok()) {
    draft.conditions.SetStalled(reason::kInvalidSpec,
                                std::string(account.status().message()));
    draft.status["instances"] = KnownToJson(draft.known);
    return false;
  }
  draft.account = *std::move(account);
  return true;
}

// The cluster and the credentials of its Jobs.
bool RegistryAccountReconciler::Prepare(Draft& draft) {
  const api::ImageRegistry& connection = draft.account.connection;
  ClusterChoice choice =
      ChooseCluster(context_, connection.ns, connection.cluster);
  if (!choice.problem.empty()) {
    draft.conditions.SetStalled(choice.problem, choice.message);
    return false;
  }
  auto credentials =
      jobs::ResolveCredentials(connection, [&](const std::string& name) {
        return FindSecret(context_, connection.ns, name);
      });
  if (!credentials.ok()) {
    draft.conditions.SetStalled(absl::IsNotFound(credentials.status())
                                    ? reason::kSecretNotFound
                                    : reason::kSecretInvalid,
                                std::string(credentials.status().message()));
    return false;
  }
  draft.credentials = *std::move(credentials);
  draft.request.kind = jobs::JobKind::kDiscover;
  draft.request.ns = choice.scan_namespace;
  draft.request.component = context_.settings->component;
  draft.request.registry = connection;
  draft.request.regions = draft.account.regions;
  draft.request.cluster = std::move(choice.cluster);
  return true;
}

void RegistryAccountReconciler::Discover(Draft& draft) {
  const Verification last = Verification::FromStatus(draft.object);
  const std::string fingerprint =
      FingerprintOf(draft.request, draft.credentials.version);
  DiscoveryCursor cursor = DiscoveryCursor::FromStatus(draft.object);
  if (last.fingerprint != fingerprint) cursor.next = 0;
  draft.request.regions = cursor.Part(draft.account.regions);
  draft.request.name =
      jobs::JobName(jobs::JobKind::kDiscover, draft.account.connection,
                    AttemptId(last, base::StrCat(fingerprint, "/", cursor.next,
                                                 "/", cursor.regions_a_job)));
  const std::string& uid = draft.account.connection.uid;
  const VerificationStep step =
      NextStep(last, fingerprint,
               FindAttempt(context_, draft.request.cluster,
                           {draft.request.ns, draft.request.name}),
               draft.now);
  draft.ComeBack(step.again);
  const bool under_way = step.kind == VerificationStep::kStart ||
                         step.kind == VerificationStep::kWait;
  draft.Fail(
      DeleteDiscoverJobs(context_, uid, under_way ? draft.request.name : ""));
  if (step.kind == VerificationStep::kRecord) {
    RecordListing(draft, last, fingerprint, cursor, step);
  } else if (under_way && last.fingerprint != fingerprint) {
    draft.conditions.SetReconciling(
        reason::kDiscovering,
        base::StrCat("The account's registries are being listed. ",
                     step.message));
  } else {
    draft.ShowLast(last);
  }
  if (step.kind == VerificationStep::kStart) StartJobOf(draft);
}

void RegistryAccountReconciler::StartJobOf(Draft& draft) {
  draft.Fail(
      base::WithContext(StartJob(context_, draft.request,
                                 [&]() -> absl::StatusOr<jobs::SecretFiles> {
                                   return draft.credentials.files;
                                 }),
                        "starting the listing of the account"));
}

void RegistryAccountReconciler::RecordListing(Draft& draft,
                                              const Verification& last,
                                              const std::string& fingerprint,
                                              DiscoveryCursor cursor,
                                              const VerificationStep& step) {
  jobs::DiscoverResult result{.outcome = step.result};
  if (step.termination) result = jobs::ParseDiscoverResult(*step.termination);
  const std::vector<std::string>& regions = draft.account.regions;
  const std::vector<std::string>& part = draft.request.regions;
  const bool too_long = result.outcome.code ==
                            base::ToString(base::FailureCode::kLimitExceeded) &&
                        cursor.Shrink(regions);
  bool whole = false;
  if (result.outcome.ok) {
    draft.omitted += TakeListing(result.instances, part, draft.known);
    whole = cursor.Advance(regions);
  } else if (too_long) {
    result.outcome.ok = true;  // nothing is wrong; smaller parts, at once
  } else {
    TakeFailure(part, draft.known);
    cursor.next = 0;
  }
  const Verification record =
      Record(last, fingerprint, result.outcome,
             whole ? draft.account.interval : absl::ZeroDuration(),
             /*doubted=*/absl::InfinitePast(), draft.now);
  draft.status["verification"] = record.ToJson();
  draft.status["discovery"] = cursor.ToJson();
  draft.ComeBack(record.next);
  if (whole) {
    draft.status["lastDiscoveryTime"] = kube::TimeText(draft.now);
    draft.ShowSuccess();
  } else if (!result.outcome.ok) {
    draft.ShowFailure(result.outcome, record.next == absl::InfiniteFuture());
  }
}

void RegistryAccountReconciler::Uphold(Draft& draft) {
  UpheldRegistries upheld =
      UpholdRegistries(context_, draft.account, draft.object, draft.known);
  draft.Fail(upheld.error);
  draft.status["instances"] = KnownToJson(draft.known);
  draft.status["registries"] = upheld.count;
  if (draft.omitted > 0) {
    upheld.problems.push_back(base::StrCat(
        draft.omitted, " more instances than an account can have here"));
  }
  if (upheld.problems.empty()) {
    draft.status.erase("problems");
  } else {
    draft.status["problems"] = upheld.problems;
  }
}

}  // namespace landwaiter::reconcile
