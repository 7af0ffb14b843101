#include "operator/reconcile/registry_draft.h"

#include <algorithm>
#include <utility>

#include "operator/api/reasons.h"

namespace landwaiter::reconcile {
namespace {

using kube::Json;

Json CarriedOver(const Json& object) {
  Json status = Json::object();
  const Json* before = kube::Find(object, {"status"});
  if (before == nullptr || !before->is_object()) return status;
  for (const char* key :
       {"phase", "error", "detectedVersion", "managedBy", "repositories",
        "images", "lastSyncTime", "nextSyncTime", "sync", "budget",
        "scanComponent", "findings", "verification", "handled"}) {
    if (before->contains(key)) status[key] = (*before)[key];
  }
  return status;
}

}  // namespace

RegistryDraft::RegistryDraft(const Json& live, absl::Time time)
    : object(live),
      now(time),
      conditions(live, time),
      status(CarriedOver(live)) {}

void RegistryDraft::SetPhase(std::string_view phase) {
  status["phase"] = std::string(phase);
}

void RegistryDraft::Stall(std::string_view why, const std::string& message) {
  conditions.SetStalled(why, message);
  SetPhase(conditions.IsTrue(api::kConnected) ? "Error" : "Pending");
}

void RegistryDraft::ComeBack(absl::Time time) { again = std::min(again, time); }

void RegistryDraft::Fail(absl::Status status_of_call) {
  if (error.ok()) error = std::move(status_of_call);
}

}  // namespace landwaiter::reconcile
