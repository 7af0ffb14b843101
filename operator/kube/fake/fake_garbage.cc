// The fake API server's garbage collector: what its owners leave behind.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "operator/kube/fake/fake_kube_client.h"

namespace landwaiter::kube {
namespace {

std::vector<std::string> OwnersOf(const Json& object) {
  std::vector<std::string> uids;
  const Json* owners = Find(object, {"metadata", "ownerReferences"});
  if (owners == nullptr || !owners->is_array()) return uids;
  for (const Json& owner : *owners) uids.push_back(StringAt(owner, {"uid"}));
  return uids;
}

}  // namespace

void FakeKubeClient::OrphanDependents(const std::string& uid) {
  for (auto& [resource, objects] : objects_) {
    for (auto& [key, stored] : objects) {
      const std::vector<std::string> owners = OwnersOf(*stored.object);
      if (std::ranges::find(owners, uid) == owners.end()) continue;
      const ObjectPtr before = stored.object;
      Json object = *before;
      std::erase_if(
          object["metadata"]["ownerReferences"].get_ref<Json::array_t&>(),
          [&](const Json& owner) { return StringAt(owner, {"uid"}) == uid; });
      object["metadata"]["resourceVersion"] = absl::StrCat(++version_);
      stored.object = std::make_shared<const Json>(std::move(object));
      Note(resource, before, stored.object);
    }
  }
}

void FakeKubeClient::CollectGarbage() {
  absl::MutexLock lock(&mutex_);
  CollectGarbageLocked();
}

void FakeKubeClient::CollectGarbageLocked() {
  while (true) {
    std::set<std::string> alive;
    for (const auto& [resource, objects] : objects_) {
      for (const auto& [key, stored] : objects) {
        alive.insert(UidOf(*stored.object));
      }
    }
    std::vector<std::pair<Resource, ObjectKey>> garbage;
    for (const auto& [resource, objects] : objects_) {
      for (const auto& [key, stored] : objects) {
        const std::vector<std::string> owners = OwnersOf(*stored.object);
        const bool waits = IsBeingDeleted(*stored.object);
        if (owners.empty() || waits ||
            std::ranges::any_of(owners, [&](const std::string& uid) {
              return alive.contains(uid);
            })) {
          continue;
        }
        garbage.push_back({resource, key});
      }
    }
    if (garbage.empty()) return;
    for (const auto& [resource, key] : garbage) {
      DeleteLocked(resource, key, "Background").IgnoreError();
    }
  }
}

}  // namespace landwaiter::kube
