#include "operator/reconcile/task_factory.h"

#include <algorithm>

#include "core/base/failure.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/api/names.h"
#include "operator/api/reasons.h"

namespace landwaiter::reconcile {
namespace {

using kube::Json;

constexpr size_t kMaxName = 63;

Json NewTask(const OwnedTask& task, const std::string& ns,
             const kube::ResourceType& owner_type,
             const std::string& owner_name, const std::string& owner_uid) {
  Json json = {
      {"apiVersion", std::string(api::kApiVersion)},
      {"kind", std::string(api::kScanTasks.kind)},
      {"metadata",
       {{"name", task.name},
        {"namespace", ns},
        {"labels",
         {{std::string(api::kNameLabel), "landwaiter"},
          {std::string(api::kManagedByLabel), std::string(api::kManagedBy)},
          {std::string(api::kTriggerLabel), std::string(task.trigger)}}},
        {"ownerReferences",
         Json::array({{{"apiVersion", std::string(api::kApiVersion)},
                       {"kind", std::string(owner_type.kind)},
                       {"name", owner_name},
                       {"uid", owner_uid},
                       {"controller", true}}})}}},
      {"spec",
       {{"type", task.type},
        {"ttlAfterFinished",
         base::StrCat(absl::ToInt64Minutes(task.ttl), "m")}}},
  };
  return json;
}

}  // namespace

std::string TaskName(std::string_view owner, std::string_view what,
                     std::string_view suffix) {
  const size_t rest = what.size() + suffix.size() + 2;
  std::string_view cut = owner.substr(0, kMaxName - rest);
  while (!cut.empty() && (cut.back() == '-' || cut.back() == '.')) {
    cut.remove_suffix(1);
  }
  return base::StrCat(cut, "-", what, "-", suffix);
}

Json TaskOfRegistry(const OwnedTask& task, const api::ImageRegistry& registry) {
  Json json = NewTask(task, registry.ns, api::kImageRegistries, registry.name,
                      registry.uid);
  json["metadata"]["labels"][std::string(api::kRegistryUidLabel)] =
      registry.uid;
  json["spec"]["scope"]["registries"]["names"] = {registry.name};
  return json;
}

Json TaskOfPolicy(const OwnedTask& task, const Json& policy) {
  Json json = NewTask(task, kube::NamespaceOf(policy), api::kScanPolicies,
                      kube::NameOf(policy), kube::UidOf(policy));
  json["metadata"]["labels"][std::string(api::kPolicyUidLabel)] =
      kube::UidOf(policy);
  json["spec"]["policyRef"]["name"] = kube::NameOf(policy);
  return json;
}

bool IsMadeByPolicy(const Json& task, std::string_view policy_uid) {
  const Json* owners = kube::Find(task, {"metadata", "ownerReferences"});
  if (owners == nullptr || !owners->is_array()) return false;
  return std::any_of(owners->begin(), owners->end(), [&](const Json& owner) {
    const Json* controls = kube::Find(owner, {"controller"});
    return controls != nullptr && *controls == true &&
           kube::StringAt(owner, {"kind"}) == api::kScanPolicies.kind &&
           (policy_uid.empty() || kube::StringAt(owner, {"uid"}) == policy_uid);
  });
}

absl::Status CreateTask(const Context& context, const Json& owner,
                        const Json& task) {
  const absl::Status created =
      context.kube->Create(api::kScanTasks, task).status();
  if (absl::IsAlreadyExists(created)) return absl::OkStatus();
  LANDWAITER_RETURN_IF_ERROR(created);
  context.events->Event(owner, kube::EventType::kNormal,
                        api::reason::kTaskCreated, "CreateTask",
                        base::StrCat("Created ScanTask ", kube::NameOf(task)));
  return absl::OkStatus();
}

}  // namespace landwaiter::reconcile
