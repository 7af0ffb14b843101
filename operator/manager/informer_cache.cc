#include "operator/manager/informer_cache.h"

#include <utility>

#include "nlohmann/json.hpp"

namespace landwaiter::manager {
namespace {

constexpr char kUidIndex[] = "uid";

}  // namespace

kube::Informer& InformerCache::Add(kube::Reflector::Options options,
                                   uint64_t seed) {
  const kube::ResourceType type = options.type;
  std::string ns = options.ns;
  auto informer = std::make_unique<kube::Informer>(std::move(options), seed);
  informer->AddIndex(kUidIndex, [](const kube::Json& object) {
    return std::vector<std::string>{kube::UidOf(object)};
  });
  std::vector<Entry>& entries = entries_[type];
  entries.push_back({std::move(ns), std::move(informer)});
  return *entries.back().informer;
}

const kube::Informer* InformerCache::Find(const kube::ResourceType& type,
                                          std::string_view ns) const {
  const auto it = entries_.find(type);
  if (it == entries_.end()) return nullptr;
  for (const Entry& entry : it->second) {
    if (entry.ns.empty() || entry.ns == ns) return entry.informer.get();
  }
  return nullptr;
}

kube::ObjectPtr InformerCache::Get(const kube::ResourceType& type,
                                   const kube::ObjectKey& key) const {
  const kube::Informer* informer = Find(type, key.ns);
  return informer == nullptr ? nullptr : informer->store().Get(key);
}

std::vector<kube::ObjectPtr> InformerCache::List(const kube::ResourceType& type,
                                                 std::string_view ns) const {
  const kube::Informer* informer = Find(type, ns);
  return informer == nullptr ? std::vector<kube::ObjectPtr>()
                             : informer->store().List(ns);
}

std::vector<kube::ObjectPtr> InformerCache::ListAll(
    const kube::ResourceType& type) const {
  std::vector<kube::ObjectPtr> all;
  const auto it = entries_.find(type);
  if (it == entries_.end()) return all;
  for (const Entry& entry : it->second) {
    for (kube::ObjectPtr& object : entry.informer->store().List()) {
      all.push_back(std::move(object));
    }
  }
  return all;
}

kube::ObjectPtr InformerCache::FindByUid(const kube::ResourceType& type,
                                         const std::string& ns,
                                         const std::string& uid) const {
  const kube::Informer* informer = Find(type, ns);
  if (informer == nullptr) return nullptr;
  const auto found = informer->store().ByIndex(kUidIndex, uid);
  return found.empty() ? nullptr : found.front();
}

std::vector<kube::Informer*> InformerCache::informers() {
  std::vector<kube::Informer*> all;
  for (auto& [type, entries] : entries_) {
    for (Entry& entry : entries) all.push_back(entry.informer.get());
  }
  return all;
}

bool InformerCache::HasSynced() const {
  for (const auto& [type, entries] : entries_) {
    for (const Entry& entry : entries) {
      if (!entry.informer->HasSynced()) return false;
    }
  }
  return true;
}

}  // namespace landwaiter::manager
