#include "operator/api/conditions.h"

#include <algorithm>
#include <utility>

#include "nlohmann/json.hpp"
#include "operator/api/reasons.h"
#include "operator/api/text.h"
#include "operator/kube/object.h"

namespace landwaiter::api {
namespace {

using Json = nlohmann::json;
constexpr size_t kMaxMessage = 1024;

ConditionStatus StatusFromText(std::string_view text) {
  if (text == "True") return ConditionStatus::kTrue;
  if (text == "False") return ConditionStatus::kFalse;
  return ConditionStatus::kUnknown;
}

int64_t IntAt(const Json& object,
              std::initializer_list<std::string_view> path) {
  const Json* value = kube::Find(object, path);
  return value != nullptr && value->is_number_integer() ? value->get<int64_t>()
                                                        : 0;
}

std::vector<Condition> ReadConditions(const Json& object, absl::Time now) {
  std::vector<Condition> conditions;
  const Json* list = kube::Find(object, {"status", "conditions"});
  if (list == nullptr || !list->is_array()) return conditions;
  for (const Json& entry : *list) {
    Condition condition;
    condition.type = kube::StringAt(entry, {"type"});
    if (condition.type.empty()) continue;
    condition.status = StatusFromText(kube::StringAt(entry, {"status"}));
    condition.reason = kube::StringAt(entry, {"reason"});
    condition.message = kube::StringAt(entry, {"message"});
    condition.last_transition =
        kube::TimeFromText(kube::StringAt(entry, {"lastTransitionTime"}))
            .value_or(now);
    condition.observed_generation = IntAt(entry, {"observedGeneration"});
    conditions.push_back(std::move(condition));
  }
  return conditions;
}

}  // namespace

std::string_view ToString(ConditionStatus status) {
  switch (status) {
    case ConditionStatus::kTrue:
      return "True";
    case ConditionStatus::kFalse:
      return "False";
    case ConditionStatus::kUnknown:
      return "Unknown";
  }
  return "Unknown";
}

Conditions::Conditions(const Json& object, absl::Time now)
    : conditions_(ReadConditions(object, now)),
      now_(now),
      generation_(IntAt(object, {"metadata", "generation"})) {}

void Conditions::Set(std::string_view type, ConditionStatus status,
                     std::string_view reason, std::string_view message) {
  auto it = std::find_if(conditions_.begin(), conditions_.end(),
                         [&](const Condition& c) { return c.type == type; });
  if (it == conditions_.end()) {
    conditions_.push_back(
        {.type = std::string(type), .status = status, .last_transition = now_});
    it = std::prev(conditions_.end());
  }
  if (it->status != status) it->last_transition = now_;
  it->status = status;
  it->reason = std::string(reason);
  it->message = Text(message, kMaxMessage);
  it->observed_generation = generation_;
}

void Conditions::Remove(std::string_view type) {
  std::erase_if(conditions_,
                [&](const Condition& c) { return c.type == type; });
}

void Conditions::SetReady(std::string_view reason, std::string_view message) {
  Set(kReady, ConditionStatus::kTrue, reason, message);
  Remove(kReconciling);
  Remove(kStalled);
}

void Conditions::SetNotReady(std::string_view reason,
                             std::string_view message) {
  Set(kReady, ConditionStatus::kFalse, reason, message);
  Remove(kReconciling);
  Remove(kStalled);
}

void Conditions::SetReconciling(std::string_view reason,
                                std::string_view message) {
  Set(kReady, ConditionStatus::kUnknown, reason, message);
  Set(kReconciling, ConditionStatus::kTrue, reason, message);
  Remove(kStalled);
}

void Conditions::SetRetrying(std::string_view reason,
                             std::string_view message) {
  Set(kReady, ConditionStatus::kFalse, reason, message);
  Set(kReconciling, ConditionStatus::kTrue, reason, message);
  Remove(kStalled);
}

void Conditions::SetStalled(std::string_view reason, std::string_view message) {
  Set(kReady, ConditionStatus::kFalse, reason, message);
  Set(kStalled, ConditionStatus::kTrue, reason, message);
  Remove(kReconciling);
}

const Condition* Conditions::Find(std::string_view type) const {
  for (const Condition& condition : conditions_) {
    if (condition.type == type) return &condition;
  }
  return nullptr;
}

bool Conditions::IsTrue(std::string_view type) const {
  const Condition* condition = Find(type);
  return condition != nullptr && condition->status == ConditionStatus::kTrue;
}

Json Conditions::ToJson() const {
  Json list = Json::array();
  for (const Condition& condition : conditions_) {
    list.push_back({
        {"type", condition.type},
        {"status", std::string(ToString(condition.status))},
        {"reason", condition.reason},
        {"message", condition.message},
        {"lastTransitionTime", kube::TimeText(condition.last_transition)},
        {"observedGeneration", condition.observed_generation},
    });
  }
  return list;
}

bool HasTrueCondition(const Json& object, std::string_view type) {
  return Conditions(object, absl::UnixEpoch()).IsTrue(type);
}

std::string ReasonOfCondition(const Json& object, std::string_view type) {
  const Conditions conditions(object, absl::UnixEpoch());
  const Condition* condition = conditions.Find(type);
  return condition == nullptr ? std::string() : condition->reason;
}

}  // namespace landwaiter::api
