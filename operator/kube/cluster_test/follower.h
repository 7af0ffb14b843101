#ifndef LANDWAITER_OPERATOR_KUBE_CLUSTER_TEST_FOLLOWER_H_
#define LANDWAITER_OPERATOR_KUBE_CLUSTER_TEST_FOLLOWER_H_

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "operator/kube/informer_runner.h"

namespace landwaiter::kube {

// Waits until `condition` holds; false if it does not within `limit`.
bool Eventually(const std::function<bool()>& condition,
                absl::Duration limit = absl::Minutes(2));

// An informer on a thread, whose handlers keep books: every add is of something
// new, every update and deletion of what was told before, and no update
// is without a change.
class Follower {
 public:
  // Both outlive it.
  Follower(KubeClient* client, base::Clock* clock, Reflector::Options options);

  bool HasSynced() const { return informer_.HasSynced(); }
  const Store& store() const { return informer_.store(); }
  // Whether the books add up so far.
  bool consistent() const { return consistent_; }
  int64_t added() const { return added_; }
  int64_t updated() const { return updated_; }
  int64_t deleted() const { return deleted_; }

  // Whether the store, and the handlers' account, equal what `client` lists.
  bool Equals(KubeClient& client) const;

 private:
  std::map<ObjectKey, std::string> Told() const;

  Informer informer_;
  std::atomic<bool> consistent_ = true;
  std::atomic<int64_t> added_ = 0;
  std::atomic<int64_t> updated_ = 0;
  std::atomic<int64_t> deleted_ = 0;
  mutable absl::Mutex mutex_;
  // By object, the resourceVersion that was told last.
  std::map<ObjectKey, std::string> told_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<InformerRunner> runner_;
};

}  // namespace landwaiter::kube

#endif  // LANDWAITER_OPERATOR_KUBE_CLUSTER_TEST_FOLLOWER_H_
