#include "operator/kube/informer.h"

#include <set>
#include <utility>

#include "nlohmann/json.hpp"

namespace landwaiter::kube {

Informer::Informer(Reflector::Options options, uint64_t seed)
    : reflector_(std::move(options), this, seed) {}

void Informer::AddHandler(EventHandler handler) {
  handlers_.push_back(std::move(handler));
}

void Informer::AddIndex(std::string name, Store::IndexFunction function) {
  store_.AddIndex(std::move(name), std::move(function));
}

void Informer::Replace(std::vector<ObjectPtr> objects) {
  std::set<ObjectKey> listed;
  for (const ObjectPtr& object : objects) listed.insert(KeyOf(*object));
  for (const ObjectKey& key : store_.Keys()) {
    if (listed.contains(key)) continue;
    TellDeleted(store_.Remove(key));
  }
  for (ObjectPtr& object : objects) Upsert(std::move(object));
  synced_ = true;
}

void Informer::Upsert(ObjectPtr object) {
  const ObjectPtr known = store_.Get(KeyOf(*object));
  if (known == nullptr) {
    store_.Put(object);
    return TellAdded(object);
  }
  if (UidOf(*known) != UidOf(*object)) {
    TellDeleted(store_.Remove(KeyOf(*known)));
    store_.Put(object);
    return TellAdded(object);
  }
  if (ResourceVersionOf(*known) == ResourceVersionOf(*object)) return;
  store_.Put(object);
  TellUpdated(known, object);
}

void Informer::Remove(ObjectPtr object) {
  if (store_.Remove(KeyOf(*object)) != nullptr) TellDeleted(object);
}

void Informer::TellAdded(const ObjectPtr& object) {
  for (const EventHandler& handler : handlers_) {
    if (handler.on_add) handler.on_add(object);
  }
}

void Informer::TellUpdated(const ObjectPtr& before, const ObjectPtr& after) {
  for (const EventHandler& handler : handlers_) {
    if (handler.on_update) handler.on_update(before, after);
  }
}

void Informer::TellDeleted(const ObjectPtr& object) {
  for (const EventHandler& handler : handlers_) {
    if (handler.on_delete) handler.on_delete(object);
  }
}

}  // namespace landwaiter::kube
