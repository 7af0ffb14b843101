#ifndef LANDWAITER_OPERATOR_API_CONDITIONS_H_
#define LANDWAITER_OPERATOR_API_CONDITIONS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "nlohmann/json_fwd.hpp"

namespace landwaiter::api {

enum class ConditionStatus { kTrue, kFalse, kUnknown };
std::string_view ToString(ConditionStatus status);

struct Condition {
  std::string type;
  ConditionStatus status = ConditionStatus::kUnknown;
  std::string reason;
  std::string message;
  absl::Time last_transition;
  int64_t observed_generation = 0;
};

// The conditions of one object while a reconciler makes its new status:
// begins with those that the object has, and changes lastTransitionTime only
// when a condition's status changes. Conditions that are not touched stay.
// Messages are cut at 1,024 bytes.
//
// kstatus: one of SetReady, SetNotReady, SetReconciling, SetRetrying and
// SetStalled says how the object as a whole is.
class Conditions {
 public:
  // `object` is whole; a broken status counts as none.
  Conditions(const nlohmann::json& object, absl::Time now);

  void Set(std::string_view type, ConditionStatus status,
           std::string_view reason, std::string_view message);
  void Remove(std::string_view type);

  // Ready; nothing is under way.
  void SetReady(std::string_view reason, std::string_view message);
  // Not ready, though nothing is under way and nobody must act (suspended).
  void SetNotReady(std::string_view reason, std::string_view message);
  // Ready=Unknown, Reconciling=True: it will be ready by itself.
  void SetReconciling(std::string_view reason, std::string_view message);
  // Ready=False, Reconciling=True: it failed, and is tried again by itself.
  void SetRetrying(std::string_view reason, std::string_view message);
  // Ready=False, Stalled=True: a person must act.
  void SetStalled(std::string_view reason, std::string_view message);

  // nullptr if there is none; valid until the next change.
  const Condition* Find(std::string_view type) const;
  bool IsTrue(std::string_view type) const;

  // In a fixed order: as they were first set.
  nlohmann::json ToJson() const;

 private:
  std::vector<Condition> conditions_;
  absl::Time now_;
  int64_t generation_ = 0;
};

// Whether the object's status has the condition with status True.
bool HasTrueCondition(const nlohmann::json& object, std::string_view type);
// The reason of a condition of the object's status; empty if it has none.
std::string ReasonOfCondition(const nlohmann::json& object,
                              std::string_view type);

}  // namespace landwaiter::api

#endif  // LANDWAITER_OPERATOR_API_CONDITIONS_H_
