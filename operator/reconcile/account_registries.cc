#include "operator/reconcile/account_registries.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/api/names.h"
#include "operator/api/reasons.h"
#include "operator/api/text.h"

namespace landwaiter::reconcile {
namespace {

using kube::Json;
namespace reason = api::reason;

constexpr size_t kMaxProblems = 10;

bool IsOwnedBy(const Json& object, const std::string& uid) {
  const Json* owners = kube::Find(object, {"metadata", "ownerReferences"});
  if (owners == nullptr || !owners->is_array()) return false;
  return std::any_of(owners->begin(), owners->end(), [&](const Json& owner) {
    return !uid.empty() && kube::StringAt(owner, {"uid"}) == uid;
  });
}

std::string InstanceIdOf(const Json& registry) {
  return kube::StringAt(registry,
                        {"metadata", "annotations", api::kInstanceAnnotation});
}

jobs::RegistryInstance InstanceOf(const std::string& id, const Json& registry) {
  jobs::RegistryInstance instance;
  instance.id = id;
  instance.type = kube::StringAt(registry, {"spec", "type"});
  instance.edition = kube::StringAt(registry, {"spec", "acr", "edition"});
  instance.region = kube::StringAt(registry, {"spec", "region"});
  const std::string url = kube::StringAt(registry, {"spec", "endpoint", "url"});
  instance.domain = url.substr(std::min(url.size(), size_t{8}));  // https://
  return instance;
}

class Upholder {
 public:
  Upholder(const Context& context, const api::RegistryAccount& account,
           const Json& account_object)
      : context_(context), account_(account), object_(account_object) {
    for (kube::ObjectPtr& registry :
         context.cache->List(api::kImageRegistries, account.connection.ns)) {
      if (IsOwnedBy(*registry, kube::UidOf(account_object))) {
        owned_[InstanceIdOf(*registry)].push_back(std::move(registry));
      }
    }
    for (const KnownInstance& before : KnownFromStatus(account_object)) {
      known_before_.insert(before.instance.id);
    }
  }

  // Instances that have an ImageRegistry though the status does not name them
  // (somebody emptied it): the next listing tells of them.
  void Adopt(std::vector<KnownInstance>& known) const {
    for (const auto& [id, registries] : owned_) {
      const bool is_known = std::any_of(
          known.begin(), known.end(),
          [&](const KnownInstance& k) { return k.instance.id == id; });
      if (id.empty() || is_known || known.size() >= kMaxInstances) continue;
      known.push_back({InstanceOf(id, *registries.front()), 0});
    }
  }

  // False once the instance need not be known any more.
  bool Handle(const KnownInstance& known) {
    const std::vector<kube::ObjectPtr>& registries = owned_[known.instance.id];
    if (known.IsLost() || !IsAskedFor(known.instance.region)) {
      for (const kube::ObjectPtr& registry : registries) {
        Remove(*registry, known.IsLost()
                              ? "the account does not have it any more"
                              : "spec.regions does not name its region");
      }
      return !registries.empty();
    }
    if (registries.empty()) {
      Create(known.instance);
      return true;
    }
    // Of several (a name's form changed) all but the first are too many.
    for (size_t i = 1; i < registries.size(); ++i) {
      Remove(*registries[i], "there is another one for the instance");
    }
    Adapt(*registries.front(), known.instance);
    return true;
  }

  UpheldRegistries Take() && { return std::move(upheld_); }

 private:
  bool IsAskedFor(const std::string& region) const {
    return std::find(account_.regions.begin(), account_.regions.end(),
                     region) != account_.regions.end();
  }

  void Create(const jobs::RegistryInstance& instance) {
    const std::string name = InstanceRegistryName(account_, instance);
    const absl::Status created =
        context_.kube
            ->Create(api::kImageRegistries,
                     InstanceRegistry(account_, object_, instance))
            .status();
    if (created.ok()) {
      ++upheld_.count;
      const bool restored = known_before_.contains(instance.id);
      Tell(restored ? reason::kRegistryRestored : reason::kRegistryCreated,
           base::StrCat(restored ? "Restored" : "Created", " ImageRegistry ",
                        name, " for ", instance.id, " in ", instance.region,
                        restored ? ": the account still has it" : ""));
      return;
    }
    if (absl::IsAlreadyExists(created)) {
      // Its own that the cache does not have yet, or another's.
      const auto there = context_.kube->Get(api::kImageRegistries,
                                            {account_.connection.ns, name});
      if (there.ok() && IsOwnedBy(*there, kube::UidOf(object_))) {
        ++upheld_.count;
        return;
      }
      Refuse(instance, base::StrCat("there is another ImageRegistry ", name));
      return;
    }
    if (absl::IsInvalidArgument(created)) {
      Refuse(instance, std::string(created.message()));
      return;
    }
    Fail(created);
  }

  void Adapt(const Json& registry, const jobs::RegistryInstance& instance) {
    if (kube::IsBeingDeleted(registry)) return;  // restored once it is gone
    if (LeadsElsewhere(registry, instance)) {
      Remove(registry, "the instance has another address; it is made anew");
      return;
    }
    ++upheld_.count;
    const Json patch = InstancePatch(account_, instance);
    if (!WouldChange(registry, patch)) return;
    const absl::Status patched =
        context_.kube
            ->Patch(api::kImageRegistries, kube::KeyOf(registry), patch, {})
            .status();
    if (absl::IsInvalidArgument(patched)) {
      Refuse(instance, std::string(patched.message()));
    } else if (!absl::IsNotFound(patched)) {
      Fail(patched);
    }
  }

  void Remove(const Json& registry, std::string_view why) {
    if (kube::IsBeingDeleted(registry)) return;
    const absl::Status deleted =
        context_.kube->Delete(api::kImageRegistries, kube::KeyOf(registry),
                              {.uid = kube::UidOf(registry)});
    if (absl::IsNotFound(deleted)) return;
    Fail(deleted);
    if (deleted.ok()) {
      Tell(reason::kRegistryRemoved,
           base::StrCat("Removed ImageRegistry ", kube::NameOf(registry), ": ",
                        why));
    }
  }

  void Refuse(const jobs::RegistryInstance& instance, const std::string& why) {
    if (upheld_.problems.size() >= kMaxProblems) return;
    upheld_.problems.push_back(
        api::Text(base::StrCat(instance.id, " in ", instance.region,
                               " has no ImageRegistry: ", why),
                  512));
    context_.events->Event(object_, kube::EventType::kWarning,
                           reason::kRegistryRefused, "Discover",
                           upheld_.problems.back());
  }

  void Tell(std::string_view why, const std::string& note) {
    context_.events->Event(object_, kube::EventType::kNormal, why, "Discover",
                           note);
  }

  void Fail(const absl::Status& status) {
    if (upheld_.error.ok()) upheld_.error = status;
  }

  const Context& context_;
  const api::RegistryAccount& account_;
  const Json& object_;
  std::map<std::string, std::vector<kube::ObjectPtr>> owned_;  // by instance
  std::set<std::string> known_before_;
  UpheldRegistries upheld_;
};

}  // namespace

UpheldRegistries UpholdRegistries(const Context& context,
                                  const api::RegistryAccount& account,
                                  const Json& account_object,
                                  std::vector<KnownInstance>& known) {
  Upholder upholder(context, account, account_object);
  upholder.Adopt(known);
  std::erase_if(known, [&](const KnownInstance& instance) {
    return !upholder.Handle(instance);
  });
  return std::move(upholder).Take();
}

}  // namespace landwaiter::reconcile
