#include "operator/reconcile/status_writer.h"

#include <utility>

#include "core/base/failure.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/api/conditions.h"
#include "operator/api/reasons.h"
#include "operator/api/text.h"

namespace landwaiter::reconcile {
namespace {

using kube::Json;

constexpr absl::Duration kMinInterval = absl::Seconds(10);

// Type, status and reason of each condition: what a transition changes. And
// what a reconciler keeps of a Job that it has read and deleted: held back, it
// would be lost, and the Job run again.
std::string Shape(const Json& status) {
  std::string shape = kube::StringAt(status, {"phase"});
  for (const char* record : {"verification", "discovery"}) {
    if (const Json* kept = kube::Find(status, {record})) {
      base::StrAppend(&shape, ";", kept->dump());
    }
  }
  const Json* conditions = kube::Find(status, {"conditions"});
  if (conditions == nullptr || !conditions->is_array()) return shape;
  for (const Json& condition : *conditions) {
    base::StrAppend(&shape, ";", kube::StringAt(condition, {"type"}), "=",
                    kube::StringAt(condition, {"status"}), ",",
                    kube::StringAt(condition, {"reason"}));
  }
  return shape;
}

const Json& StatusOf(const Json& object) {
  static const Json* const kNone = new Json(Json::object());
  const Json* status = kube::Find(object, {"status"});
  return status != nullptr && status->is_object() ? *status : *kNone;
}

// What people are told of: the condition that says how the object is.
const Json* HeadlineOf(const Json& status) {
  const Json* conditions = kube::Find(status, {"conditions"});
  if (conditions == nullptr || !conditions->is_array()) return nullptr;
  for (const std::string_view type : {api::kFailed, api::kComplete}) {
    for (const Json& condition : *conditions) {
      if (kube::StringAt(condition, {"type"}) == type &&
          kube::StringAt(condition, {"status"}) == "True") {
        return &condition;
      }
    }
  }
  for (const std::string_view type :
       {api::kStalled, api::kReconciling, api::kReady}) {
    for (const Json& condition : *conditions) {
      if (kube::StringAt(condition, {"type"}) == type) return &condition;
    }
  }
  return nullptr;
}

}  // namespace

bool IsTransient(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kCancelled:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
      return true;
    default:
      return false;
  }
}

StatusWriter::StatusWriter(const Context* context,
                           const kube::ResourceType* type)
    : context_(*context), type_(*type) {}

absl::StatusOr<absl::Time> StatusWriter::Write(const Json& object,
                                               Json status) {
  const Json* generation = kube::Find(object, {"metadata", "generation"});
  status["observedGeneration"] = generation == nullptr ? Json(0) : *generation;
  api::BoundStatus(status);
  const Json& before = StatusOf(object);
  if (before == status) return absl::InfiniteFuture();

  const absl::Time now = context_.clock->Now();
  absl::Time until;
  if (Shape(before) == Shape(status) &&
      HeldBack(kube::UidOf(object), now, &until)) {
    return until;
  }
  Json updated = object;
  updated["status"] = status;
  LANDWAITER_RETURN_IF_ERROR(
      context_.kube->UpdateStatus(type_, updated).status());
  NoteWrite(kube::UidOf(object), now);
  TellTransition(object, status);
  LANDWAITER_RETURN_IF_ERROR(
      context_.failpoints->Hit(base::kOperatorStatusWritten));
  return absl::InfiniteFuture();
}

bool StatusWriter::HeldBack(const std::string& uid, absl::Time now,
                            absl::Time* until) {
  absl::MutexLock lock(&mutex_);
  const auto it = written_.find(uid);
  if (it == written_.end() || now >= it->second + kMinInterval) return false;
  *until = it->second + kMinInterval;
  return true;
}

void StatusWriter::NoteWrite(const std::string& uid, absl::Time now) {
  absl::MutexLock lock(&mutex_);
  std::erase_if(written_, [now](const auto& entry) {
    return now >= entry.second + kMinInterval;
  });
  written_[uid] = now;
}

void StatusWriter::TellTransition(const Json& object, const Json& status) {
  const Json* headline = HeadlineOf(status);
  if (headline == nullptr) return;
  const std::string reason = kube::StringAt(*headline, {"reason"});
  const std::string type = kube::StringAt(*headline, {"type"});
  const Json* before = HeadlineOf(StatusOf(object));
  if (before != nullptr && kube::StringAt(*before, {"reason"}) == reason &&
      kube::StringAt(*before, {"type"}) == type) {
    return;
  }
  const bool warning = type == api::kStalled || type == api::kFailed ||
                       (type == api::kReconciling &&
                        base::FailureCodeFromString(reason).has_value());
  context_.events->Event(
      object, warning ? kube::EventType::kWarning : kube::EventType::kNormal,
      reason, "Reconcile", kube::StringAt(*headline, {"message"}));
}

}  // namespace landwaiter::reconcile
