#ifndef LANDWAITER_OPERATOR_KUBE_INFORMER_H_
#define LANDWAITER_OPERATOR_KUBE_INFORMER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "operator/kube/reflector.h"
#include "operator/kube/store.h"

namespace landwaiter::kube {

// Called once for each change of an object, in order, after the store has it,
// one call at a time, without a lock held. Empty functions are skipped.
struct EventHandler {
  std::function<void(const ObjectPtr& object)> on_add;
  std::function<void(const ObjectPtr& before, const ObjectPtr& after)>
      on_update;
  // With the last state that is known, which may be old if the deletion was
  // noticed by a list.
  std::function<void(const ObjectPtr& object)> on_delete;
};

// The objects of a type as a local store, with handlers that hear of each
// change exactly once: an object at the resourceVersion that is known already
// is no change, an object that a list lacks was deleted, and a name that now
// belongs to another object (uid) is a deletion and an addition. States between
// two connections may be skipped, as everywhere in Kubernetes.
//
// It owns no thread: an InformerRunner drives it, or a test steps it.
// Threads: store(), HasSynced() from any; AddHandler and AddIndex before it is
// driven; the rest from the thread that drives it.
class Informer : private ReflectorSink {
 public:
  Informer(Reflector::Options options, uint64_t seed);

  void AddHandler(EventHandler handler);
  void AddIndex(std::string name, Store::IndexFunction function);

  const Store& store() const { return store_; }
  const Reflector::Options& options() const { return reflector_.options(); }
  const ResourceType& type() const { return options().type; }
  // Whether the first list is in the store and was told to the handlers.
  bool HasSynced() const { return synced_; }

  Reflector& reflector() { return reflector_; }

 private:
  void Replace(std::vector<ObjectPtr> objects) override;
  void Upsert(ObjectPtr object) override;
  void Remove(ObjectPtr object) override;

  void TellAdded(const ObjectPtr& object);
  void TellUpdated(const ObjectPtr& before, const ObjectPtr& after);
  void TellDeleted(const ObjectPtr& object);

  Store store_;
  std::vector<EventHandler> handlers_;
  std::atomic<bool> synced_ = false;
  Reflector reflector_;
};

}  // namespace landwaiter::kube

#endif  // LANDWAITER_OPERATOR_KUBE_INFORMER_H_
