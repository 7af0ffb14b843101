#ifndef LANDWAITER_OPERATOR_KUBE_STORE_H_
#define LANDWAITER_OPERATOR_KUBE_STORE_H_

#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "operator/kube/object.h"

namespace landwaiter::kube {

// An informer's copy of the API server's objects of one type. What it hands
// out stays valid and unchanged, whatever happens to the store. Thread-safe.
class Store {
 public:
  // The values under which an object is found in an index.
  using IndexFunction = std::function<std::vector<std::string>(const Json&)>;

  // REQUIRES: the store is empty.
  void AddIndex(std::string name, IndexFunction function);

  // nullptr if there is none.
  ObjectPtr Get(const ObjectKey& key) const;
  // Ordered by key; of every namespace if `ns` is empty.
  std::vector<ObjectPtr> List(std::string_view ns = {}) const;
  // Ordered by key; none for an index that does not exist.
  std::vector<ObjectPtr> ByIndex(std::string_view index,
                                 std::string_view value) const;
  std::vector<ObjectKey> Keys() const;
  size_t size() const;

  // Each returns the object that was there before, or nullptr.
  ObjectPtr Put(ObjectPtr object);
  ObjectPtr Remove(const ObjectKey& key);

 private:
  struct Index {
    IndexFunction function;
    std::map<std::string, std::set<ObjectKey>, std::less<>> keys;
  };
  void Unindex(const ObjectKey& key, const Json& object)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  std::map<ObjectKey, ObjectPtr> objects_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, Index, std::less<>> indexes_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace landwaiter::kube

#endif  // LANDWAITER_OPERATOR_KUBE_STORE_H_
