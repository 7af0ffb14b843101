#include "operator/jobs/discover_result.h"

#include <set>
#include <string_view>
#include <utility>

#include "core/base/failure.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/api/text.h"
#include "operator/kube/object.h"

namespace landwaiter::jobs {
namespace {

using Json = nlohmann::json;

constexpr size_t kMaxShort = 128;

bool IsOf(std::string_view text, std::string_view characters) {
  return !text.empty() && text.size() <= kMaxShort &&
         text.find_first_not_of(characters) == std::string_view::npos;
}

// They become part of names and of a spec, so that nothing unexpected may be
// in them.
bool IsValid(const RegistryInstance& instance) {
  constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz0123456789.-";
  constexpr std::string_view kWord =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  return IsOf(instance.id, kLower) && IsOf(instance.region, kLower) &&
         IsOf(instance.domain, kLower) && IsOf(instance.type, kWord) &&
         (instance.edition.empty() || IsOf(instance.edition, kWord));
}

VerifyResult Internal(std::string message) {
  VerifyResult result;
  result.code = base::ToString(base::FailureCode::kInternal);
  result.message = std::move(message);
  return result;
}

}  // namespace

Json InstanceJson(const RegistryInstance& instance) {
  Json json = {{"id", instance.id},
               {"type", instance.type},
               {"region", instance.region},
               {"domain", instance.domain}};
  if (!instance.name.empty()) json["name"] = instance.name;
  if (!instance.edition.empty()) json["edition"] = instance.edition;
  return json;
}

RegistryInstance InstanceFromJson(const Json& json) {
  RegistryInstance instance;
  instance.id = kube::StringAt(json, {"id"});
  instance.name = api::Text(kube::StringAt(json, {"name"}), kMaxShort);
  instance.type = kube::StringAt(json, {"type"});
  instance.edition = kube::StringAt(json, {"edition"});
  instance.region = kube::StringAt(json, {"region"});
  instance.domain = kube::StringAt(json, {"domain"});
  return instance;
}

DiscoverResult ParseDiscoverResult(const Termination& termination) {
  DiscoverResult result;
  result.outcome = ParseVerifyResult(termination);
  if (!result.outcome.ok) return result;
  const Json json = Json::parse(termination.message, nullptr, false);
  const Json* list = kube::Find(json, {"instances"});
  if (list == nullptr || !list->is_array()) {
    result.outcome = Internal("the scan component's result has no instances");
    return result;
  }
  std::set<std::string> ids;
  for (const Json& entry : *list) {
    RegistryInstance instance = InstanceFromJson(entry);
    if (!IsValid(instance) || !ids.insert(instance.id).second) {
      result.outcome = Internal(
          base::StrCat("the scan component names an instance that cannot be: ",
                       base::Printable(instance.id)));
      result.instances.clear();
      return result;
    }
    result.instances.push_back(std::move(instance));
  }
  return result;
}

}  // namespace landwaiter::jobs
