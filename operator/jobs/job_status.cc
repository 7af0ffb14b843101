#include "operator/jobs/job_status.h"

#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/model/digest.h"
#include "nlohmann/json.hpp"
#include "operator/api/text.h"

namespace landwaiter::jobs {
namespace {

using Json = nlohmann::json;
using base::FailureCode;

constexpr size_t kMaxCode = 64;
constexpr size_t kMaxMessage = 512;

const Json* OnlyContainerStatus(const Json& pod) {
  const Json* statuses = kube::Find(pod, {"status", "containerStatuses"});
  if (statuses == nullptr || !statuses->is_array() || statuses->empty()) {
    return nullptr;
  }
  return &(*statuses)[0];
}

std::string SecretOf(const Json& job) {
  const Json* volumes =
      kube::Find(job, {"spec", "template", "spec", "volumes"});
  if (volumes == nullptr || !volumes->is_array()) return "";
  for (const Json& volume : *volumes) {
    std::string name = kube::StringAt(volume, {"secret", "secretName"});
    if (!name.empty()) return name;
  }
  return "";
}

// A code that conditions may have as their reason.
bool IsConnectionCode(const std::string& code) {
  return base::FailureCodeFromString(code).has_value();
}

}  // namespace

JobState StateOf(const Json& job) {
  JobState state;
  const Json* suspend = kube::Find(job, {"spec", "suspend"});
  state.suspended =
      suspend != nullptr && suspend->is_boolean() && suspend->get<bool>();
  state.secret = SecretOf(job);
  const Json* conditions = kube::Find(job, {"status", "conditions"});
  if (conditions == nullptr || !conditions->is_array()) return state;
  for (const Json& condition : *conditions) {
    const std::string type = kube::StringAt(condition, {"type"});
    if (kube::StringAt(condition, {"status"}) != "True" ||
        (type != "Complete" && type != "Failed")) {
      continue;
    }
    state.finished = true;
    state.succeeded = type == "Complete";
    state.finished_at =
        kube::TimeFromText(kube::StringAt(condition, {"lastTransitionTime"}))
            .value_or(absl::InfinitePast());
    state.message = kube::StringAt(condition, {"message"});
  }
  return state;
}

bool BelongsTo(const Json& pod, const Json& job) {
  const Json* owners = kube::Find(pod, {"metadata", "ownerReferences"});
  if (owners == nullptr || !owners->is_array()) return false;
  const std::string uid = kube::UidOf(job);
  for (const Json& owner : *owners) {
    if (!uid.empty() && kube::StringAt(owner, {"uid"}) == uid) return true;
  }
  return false;
}

std::string ImagePullProblem(const Json& pod) {
  const Json* status = OnlyContainerStatus(pod);
  if (status == nullptr) return "";
  const std::string reason =
      kube::StringAt(*status, {"state", "waiting", "reason"});
  if (reason != "ErrImagePull" && reason != "ImagePullBackOff" &&
      reason != "InvalidImageName" && reason != "ErrImageNeverPull") {
    return "";
  }
  return base::StrCat(reason, ": ",
                      kube::StringAt(*status, {"state", "waiting", "message"}));
}

bool IsRunning(const Json& pod) {
  return kube::StringAt(pod, {"status", "phase"}) == "Running";
}

bool IsPending(const Json& pod) {
  return kube::StringAt(pod, {"status", "phase"}) == "Pending";
}

std::optional<Termination> TerminationOf(const Json& pod) {
  const Json* status = OnlyContainerStatus(pod);
  if (status == nullptr) return std::nullopt;
  const Json* terminated = kube::Find(*status, {"state", "terminated"});
  if (terminated == nullptr || !terminated->is_object()) return std::nullopt;
  Termination termination;
  const Json* exit_code = kube::Find(*terminated, {"exitCode"});
  if (exit_code != nullptr && exit_code->is_number_integer()) {
    termination.exit_code = exit_code->get<int>();
  }
  termination.reason = kube::StringAt(*terminated, {"reason"});
  termination.message = kube::StringAt(*terminated, {"message"});
  return termination;
}

VerifyResult ParseVerifyResult(const Termination& termination) {
  VerifyResult result;
  const Json json = Json::parse(termination.message, nullptr, false);
  const Json* ok = kube::Find(json, {"ok"});
  if (ok == nullptr || !ok->is_boolean()) {
    result.code = base::ToString(FailureCode::kInternal);
    result.message =
        api::Text(base::StrCat("the scan component ended with status ",
                               termination.exit_code, " (", termination.reason,
                               ") and no result"),
                  kMaxMessage);
    return result;
  }
  result.ok = ok->get<bool>();
  result.code = api::Text(kube::StringAt(json, {"code"}), kMaxCode);
  result.cause = api::Text(kube::StringAt(json, {"cause"}), kMaxCode);
  result.message = api::Text(kube::StringAt(json, {"message"}), kMaxMessage);
  result.detected_version =
      api::Text(kube::StringAt(json, {"detectedVersion"}), kMaxCode);
  // It becomes part of an image reference: nothing else is believed.
  const auto digest = model::Digest::Parse(
      kube::StringAt(json, {"component", "manifestDigest"}));
  if (digest.ok()) result.component_digest = digest->text();
  if (!result.ok && !IsConnectionCode(result.code)) {
    result.code = base::ToString(FailureCode::kInternal);
  }
  return result;
}

}  // namespace landwaiter::jobs
