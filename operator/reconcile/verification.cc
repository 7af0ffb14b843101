#include "operator/reconcile/verification.h"

#include <algorithm>
#include <utility>

#include "core/base/failure.h"
#include "core/base/hash.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/jobs/connection_error.h"
#include "operator/reconcile/job_runner.h"

namespace landwaiter::reconcile {
namespace {

using base::FailureCode;
using kube::Json;

constexpr size_t kFingerprintLength = 32;
constexpr size_t kAttemptLength = 8;
constexpr absl::Duration kFirstRetry = absl::Minutes(1);
constexpr absl::Duration kLastRetry = absl::Minutes(30);
// How long a pod's end may be seen after its Job's.
constexpr absl::Duration kPodLag = absl::Seconds(10);

int CountAt(const Json& object, std::string_view field) {
  const Json* count = kube::Find(object, {"status", "verification", field});
  return count != nullptr && count->is_number_integer()
             ? std::clamp(count->get<int>(), 0, 1000)
             : 0;
}

// 1, 2, 4 ... minutes, at most `longest`.
absl::Duration Doubled(int times, absl::Duration longest) {
  return std::min(kFirstRetry * (1 << std::min(times, 10)), longest);
}

absl::Time TimeAt(const Json& object, std::string_view field,
                  absl::Time otherwise) {
  return kube::TimeFromText(
             kube::StringAt(object, {"status", "verification", field}))
      .value_or(otherwise);
}

jobs::VerifyResult Failed(FailureCode code, std::string_view cause,
                          std::string message) {
  return {.ok = false,
          .code = std::string(base::ToString(code)),
          .cause = std::string(cause),
          .message = std::move(message)};
}

// Why the pod is not running yet, if Kubernetes says.
std::string PendingMessage(const Json& pod) {
  const Json* conditions = kube::Find(pod, {"status", "conditions"});
  if (conditions == nullptr || !conditions->is_array()) return "";
  for (const Json& condition : *conditions) {
    if (kube::StringAt(condition, {"type"}) == "PodScheduled" &&
        kube::StringAt(condition, {"status"}) == "False") {
      return kube::StringAt(condition, {"message"});
    }
  }
  return "";
}

VerificationStep StepOfFinished(const AttemptJob& attempt,
                                const jobs::JobState& state, absl::Time now) {
  VerificationStep step;
  for (const kube::ObjectPtr& pod : attempt.pods) {
    if (const auto termination = jobs::TerminationOf(*pod)) {
      step.kind = VerificationStep::kRecord;
      step.result = jobs::ParseVerifyResult(*termination);
      step.termination = termination;
      return step;
    }
  }
  if (now < state.finished_at + kPodLag) {
    step.kind = VerificationStep::kWait;
    step.again = state.finished_at + kPodLag;
    return step;
  }
  step.kind = VerificationStep::kRecord;
  step.result =
      Failed(FailureCode::kNetworkConnectError, "Timeout",
             base::StrCat("the check did not end in time: ", state.message));
  return step;
}

}  // namespace

Verification Verification::FromStatus(const Json& object) {
  Verification verification;
  verification.fingerprint =
      kube::StringAt(object, {"status", "verification", "fingerprint"});
  verification.time = TimeAt(object, "time", absl::InfinitePast());
  verification.next = TimeAt(object, "nextTime", absl::InfiniteFuture());
  verification.failures = CountAt(object, "failures");
  verification.doubts = CountAt(object, "doubts");
  return verification;
}

Json Verification::ToJson() const {
  Json json = {{"fingerprint", fingerprint}, {"failures", failures}};
  if (doubts > 0) json["doubts"] = doubts;
  if (time != absl::InfinitePast()) json["time"] = kube::TimeText(time);
  if (next != absl::InfiniteFuture()) json["nextTime"] = kube::TimeText(next);
  return json;
}

std::string FingerprintOf(const jobs::JobRequest& request,
                          const std::string& credentials_version) {
  const Json all = {jobs::JobConfig(request), request.component.image,
                    request.registry.verify_request, request.cluster.uid,
                    credentials_version};
  return base::Sha256Hex(all.dump()).substr(0, kFingerprintLength);
}

std::string AttemptId(const Verification& last,
                      const std::string& fingerprint) {
  return base::Sha256Hex(base::StrCat(fingerprint, "/",
                                      last.time == absl::InfinitePast()
                                          ? std::string()
                                          : kube::TimeText(last.time)))
      .substr(0, kAttemptLength);
}

std::optional<AttemptJob> FindAttempt(const Context& context,
                                      const api::RepositoryCluster& cluster,
                                      const kube::ObjectKey& key) {
  kube::ObjectPtr job = FindJob(context, cluster, key);
  if (job == nullptr) return std::nullopt;
  std::vector<kube::ObjectPtr> pods = PodsOf(context, *job);
  return AttemptJob{std::move(job), std::move(pods)};
}

absl::Time NextAfterDoubt(const Verification& last, absl::Time doubted,
                          absl::Duration interval) {
  if (last.failures > 0 || doubted <= last.time) return last.next;
  return std::min(
      last.next, std::max(doubted, last.time + Doubled(last.doubts, interval)));
}

VerificationStep NextStep(const Verification& last,
                          const std::string& fingerprint,
                          const std::optional<AttemptJob>& attempt,
                          absl::Time now) {
  VerificationStep step;
  const bool due = last.fingerprint != fingerprint || now >= last.next;
  if (!due) {
    step.again = last.next;
    return step;
  }
  if (!attempt) {
    step.kind = VerificationStep::kStart;
    return step;
  }
  const jobs::JobState state = jobs::StateOf(*attempt->job);
  if (state.finished) return StepOfFinished(*attempt, state, now);
  if (state.suspended) {
    step.kind = VerificationStep::kStart;
    return step;
  }
  step.kind = VerificationStep::kWait;
  for (const kube::ObjectPtr& pod : attempt->pods) {
    const std::string problem = jobs::ImagePullProblem(*pod);
    if (!problem.empty()) {
      step.kind = VerificationStep::kRecord;
      step.result =
          Failed(FailureCode::kScanComponentMissing, kCauseImagePull, problem);
      return step;
    }
    step.message = PendingMessage(*pod);
  }
  return step;
}

Verification Record(const Verification& last, const std::string& fingerprint,
                    const jobs::VerifyResult& result, absl::Duration interval,
                    absl::Time doubted, absl::Time now) {
  Verification record;
  record.fingerprint = fingerprint;
  record.time = now;
  const bool same = last.fingerprint == fingerprint;
  if (result.ok) {
    record.next = now + interval;
    if (same && doubted != absl::InfinitePast()) {
      record.doubts = last.doubts + (doubted > last.time ? 1 : 0);
    }
    return record;
  }
  record.failures = same ? last.failures + 1 : 1;
  if (!jobs::IsRefusal(result)) {
    record.next = now + Doubled(record.failures - 1, kLastRetry);
  }
  return record;
}

}  // namespace landwaiter::reconcile
