#include "operator/kube/store.h"

#include <utility>

#include "nlohmann/json.hpp"

namespace landwaiter::kube {

void Store::AddIndex(std::string name, IndexFunction function) {
  absl::MutexLock lock(&mutex_);
  indexes_[std::move(name)].function = std::move(function);
}

ObjectPtr Store::Get(const ObjectKey& key) const {
  absl::MutexLock lock(&mutex_);
  auto found = objects_.find(key);
  return found == objects_.end() ? nullptr : found->second;
}

std::vector<ObjectPtr> Store::List(std::string_view ns) const {
  absl::MutexLock lock(&mutex_);
  std::vector<ObjectPtr> result;
  auto from = objects_.lower_bound({std::string(ns), ""});
  for (; from != objects_.end(); ++from) {
    if (!ns.empty() && from->first.ns != ns) break;
    result.push_back(from->second);
  }
  return result;
}

std::vector<ObjectPtr> Store::ByIndex(std::string_view index,
                                      std::string_view value) const {
  absl::MutexLock lock(&mutex_);
  std::vector<ObjectPtr> result;
  auto found = indexes_.find(index);
  if (found == indexes_.end()) return result;
  auto keys = found->second.keys.find(value);
  if (keys == found->second.keys.end()) return result;
  for (const ObjectKey& key : keys->second) {
    result.push_back(objects_.at(key));
  }
  return result;
}

std::vector<ObjectKey> Store::Keys() const {
  absl::MutexLock lock(&mutex_);
  std::vector<ObjectKey> keys;
  keys.reserve(objects_.size());
  for (const auto& [key, object] : objects_) keys.push_back(key);
  return keys;
}

size_t Store::size() const {
  absl::MutexLock lock(&mutex_);
  return objects_.size();
}

ObjectPtr Store::Put(ObjectPtr object) {
  const ObjectKey key = KeyOf(*object);
  absl::MutexLock lock(&mutex_);
  ObjectPtr& slot = objects_[key];
  if (slot != nullptr) Unindex(key, *slot);
  for (auto& [name, index] : indexes_) {
    for (const std::string& value : index.function(*object)) {
      index.keys[value].insert(key);
    }
  }
  return std::exchange(slot, std::move(object));
}

ObjectPtr Store::Remove(const ObjectKey& key) {
  absl::MutexLock lock(&mutex_);
  auto found = objects_.find(key);
  if (found == objects_.end()) return nullptr;
  ObjectPtr object = std::move(found->second);
  objects_.erase(found);
  Unindex(key, *object);
  return object;
}

void Store::Unindex(const ObjectKey& key, const Json& object) {
  for (auto& [name, index] : indexes_) {
    for (const std::string& value : index.function(object)) {
      auto keys = index.keys.find(value);
      if (keys == index.keys.end()) continue;
      keys->second.erase(key);
      if (keys->second.empty()) index.keys.erase(keys);
    }
  }
}

}  // namespace landwaiter::kube
