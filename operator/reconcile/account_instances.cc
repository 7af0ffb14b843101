#include "operator/reconcile/account_instances.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/base/hash.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/api/names.h"

namespace landwaiter::reconcile {
namespace {

using kube::Json;

constexpr size_t kMaxReadableName = 180;

bool Lists(const std::vector<std::string>& regions, const std::string& region) {
  return std::find(regions.begin(), regions.end(), region) != regions.end();
}

KnownInstance* FindKnown(std::vector<KnownInstance>& known,
                         const std::string& id) {
  const auto it =
      std::find_if(known.begin(), known.end(),
                   [&](const KnownInstance& k) { return k.instance.id == id; });
  return it == known.end() ? nullptr : &*it;
}

bool IsAlphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

std::string UrlOf(const jobs::RegistryInstance& instance) {
  return base::StrCat("https://", instance.domain);
}

// The value at a key, or null, which takes it out of what is patched.
Json OrNull(const Json& object, const char* key) {
  const auto it = object.find(key);
  return it == object.end() ? Json(nullptr) : *it;
}

Json ProxyPatch(const Json& registry_template) {
  const auto it = registry_template.find("proxy");
  if (it == registry_template.end() || !it->is_object()) return nullptr;
  return {{"url", OrNull(*it, "url")},
          {"noProxy", OrNull(*it, "noProxy")},
          {"credentialsSecretRef", OrNull(*it, "credentialsSecretRef")}};
}

Json MetadataPatch(const api::RegistryAccount& account,
                   const jobs::RegistryInstance& instance) {
  Json labels = account.registry_template->value("labels", Json::object());
  labels[std::string(api::kNameLabel)] = "landwaiter";
  labels[std::string(api::kManagedByLabel)] = std::string(api::kManagedBy);
  return {
      {"labels", std::move(labels)},
      {"annotations", {{std::string(api::kInstanceAnnotation), instance.id}}}};
}

// What the schema gives a default is never null here: the API server would put
// it back, and the patch would never be done.
Json SpecPatch(const api::RegistryAccount& account,
               const jobs::RegistryInstance& instance) {
  const Json& from = *account.registry_template;
  Json spec = {
      {"region", instance.region},
      {"network", OrNull(from, "network")},
      {"credentialsSecretRef",
       {{"name", account.connection.credentials_secret}}},
      {"clusterRef", {{"name", account.connection.cluster}}},
      {"imagesPerHour", from.value("imagesPerHour", Json(10))},
      {"proxy", ProxyPatch(from)},
      {"tls", OrNull(from, "tls")},
  };
  if (from.contains("sync")) spec["sync"] = from["sync"];
  if (instance.type == "ACR") {
    const bool enterprise = instance.edition != "Personal";
    spec["acr"] = {{"edition", enterprise ? "Enterprise" : "Personal"},
                   {"instanceId", enterprise ? Json(instance.id) : Json()}};
  }
  if (instance.type == "SWR" && instance.edition == "Enterprise") {
    spec["swr"] = {{"edition", "Enterprise"}, {"instanceId", instance.id}};
  }
  return spec;
}

}  // namespace

std::vector<KnownInstance> KnownFromStatus(const Json& object) {
  std::vector<KnownInstance> known;
  const Json* list = kube::Find(object, {"status", "instances"});
  if (list == nullptr || !list->is_array()) return known;
  for (const Json& entry : *list) {
    KnownInstance instance;
    instance.instance = jobs::InstanceFromJson(entry);
    const Json* missing = kube::Find(entry, {"missing"});
    if (missing != nullptr && missing->is_number_integer()) {
      instance.missing = std::clamp(missing->get<int>(), 0, 2);
    }
    if (!instance.instance.id.empty()) known.push_back(std::move(instance));
  }
  return known;
}

Json KnownToJson(const std::vector<KnownInstance>& known) {
  Json list = Json::array();
  for (const KnownInstance& instance : known) {
    Json entry = jobs::InstanceJson(instance.instance);
    if (instance.missing > 0) entry["missing"] = instance.missing;
    list.push_back(std::move(entry));
  }
  return list;
}

int TakeListing(const std::vector<jobs::RegistryInstance>& found,
                const std::vector<std::string>& regions,
                std::vector<KnownInstance>& known) {
  int omitted = 0;
  for (KnownInstance& instance : known) {
    if (Lists(regions, instance.instance.region)) {
      instance.missing = std::min(instance.missing + 1, 2);
    }
  }
  for (const jobs::RegistryInstance& instance : found) {
    if (!Lists(regions, instance.region)) continue;  // was not asked for
    if (KnownInstance* before = FindKnown(known, instance.id)) {
      *before = {instance, 0};
    } else if (known.size() < kMaxInstances) {
      known.push_back({instance, 0});
    } else {
      ++omitted;
    }
  }
  return omitted;
}

void TakeFailure(const std::vector<std::string>& regions,
                 std::vector<KnownInstance>& known) {
  for (KnownInstance& instance : known) {
    if (Lists(regions, instance.instance.region)) instance.missing = 0;
  }
}

std::string InstanceRegistryName(const api::RegistryAccount& account,
                                 const jobs::RegistryInstance& instance) {
  const std::string plain =
      base::StrCat(account.connection.name, "-", instance.id);
  std::string name = plain.substr(0, kMaxReadableName);
  for (char& c : name) {
    if (!IsAlphanumeric(c)) c = '-';
  }
  while (!name.empty() && name.back() == '-') name.pop_back();
  if (name == plain) return name;
  return base::StrCat(name, "-", base::Sha256Hex(plain).substr(0, 8));
}

Json InstanceRegistry(const api::RegistryAccount& account,
                      const Json& account_object,
                      const jobs::RegistryInstance& instance) {
  Json registry = {{"apiVersion", std::string(api::kApiVersion)},
                   {"kind", std::string(api::kImageRegistries.kind)}};
  registry.merge_patch(InstancePatch(account, instance));
  registry["metadata"]["name"] = InstanceRegistryName(account, instance);
  registry["metadata"]["namespace"] = account.connection.ns;
  registry["metadata"]["ownerReferences"] =
      Json::array({{{"apiVersion", std::string(api::kApiVersion)},
                    {"kind", std::string(api::kRegistryAccounts.kind)},
                    {"name", kube::NameOf(account_object)},
                    {"uid", kube::UidOf(account_object)},
                    {"controller", true}}});
  registry["spec"]["type"] = instance.type;
  registry["spec"]["endpoint"]["url"] = UrlOf(instance);
  return registry;
}

Json InstancePatch(const api::RegistryAccount& account,
                   const jobs::RegistryInstance& instance) {
  return {{"metadata", MetadataPatch(account, instance)},
          {"spec", SpecPatch(account, instance)}};
}

bool WouldChange(const Json& object, const Json& patch) {
  Json patched = object;
  patched.merge_patch(patch);
  return patched != object;
}

bool LeadsElsewhere(const Json& registry,
                    const jobs::RegistryInstance& instance) {
  return kube::StringAt(registry, {"spec", "type"}) != instance.type ||
         kube::StringAt(registry, {"spec", "endpoint", "url"}) !=
             UrlOf(instance);
}

}  // namespace landwaiter::reconcile
