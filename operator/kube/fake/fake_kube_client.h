#ifndef LANDWAITER_OPERATOR_KUBE_FAKE_FAKE_KUBE_CLIENT_H_
#define LANDWAITER_OPERATOR_KUBE_FAKE_FAKE_KUBE_CLIENT_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "core/base/clock.h"
#include "operator/kube/client.h"
#include "operator/kube/fake/server_side_apply.h"

namespace landwaiter::kube {

class FakeWatch;

// What a client asks of the API server.
struct FakeRequest {
  std::string verb;  // get list create update patch delete watch log raw
  ResourceType type;
  ObjectKey key;
  std::string subresource;

  std::string ToString() const;  // "update jobs/status ns/name"
};

// An API server in memory, for tests of reconcilers and the simulation. What it
// has of the real one: resourceVersions and conflicts, uids, generation (grows
// with anything but metadata and status), the status subresource of every type,
// generateName, merge patch, server-side apply, finalizers and
// deletionTimestamp, garbage collection by ownerReferences, preconditions,
// label and field selectors, paged lists that are a snapshot, watches with
// history and bookmarks, 410 after Compact(). The same tests run against it
// and a real API server (contract_test.cc).
//
// What it lacks: schemas and their defaults, namespaces as objects, admission,
// RBAC, managedFields, controllers.
//
// It uses no thread and no randomness: the same calls give the same answers,
// uids and times included. Thread-safe.
class FakeKubeClient : public KubeClient {
 public:
  explicit FakeKubeClient(base::Clock* clock);
  ~FakeKubeClient() override;

  absl::StatusOr<Json> Get(const ResourceType& type,
                           const ObjectKey& key) override;
  absl::StatusOr<ListPage> List(const ResourceType& type, std::string_view ns,
                                const ListOptions& options) override;
  absl::StatusOr<Json> Create(const ResourceType& type,
                              const Json& object) override;
  absl::StatusOr<Json> Update(const ResourceType& type,
                              const Json& object) override;
  absl::StatusOr<Json> UpdateStatus(const ResourceType& type,
                                    const Json& object) override;
  absl::StatusOr<Json> Patch(const ResourceType& type, const ObjectKey& key,
                             const Json& patch,
                             const PatchOptions& options) override;
  absl::Status Delete(const ResourceType& type, const ObjectKey& key,
                      const DeleteOptions& options) override;
  // Blocks as the real one does: for an InformerRunner. Tests without threads
  // use OpenWatch or a SteppedInformer.
  absl::Status Watch(const ResourceType& type, std::string_view ns,
                     const WatchOptions& options, OnEvent on_event,
                     std::stop_token stop) override;
  absl::StatusOr<std::string> PodLog(const ObjectKey& pod,
                                     const PodLogOptions& options) override;
  absl::StatusOr<std::string> GetRaw(std::string_view path) override;

  // A watch that is polled. The client outlives it.
  absl::StatusOr<std::unique_ptr<FakeWatch>> OpenWatch(
      const ResourceType& type, std::string_view ns,
      const WatchOptions& options);

  // --- What only a test can do ---

  // Forgets all history, as etcd's compaction: a watch or a page that needs it
  // gets 410.
  void Compact();
  // Breaks every open watch.
  void DropWatches();
  // Deletes what all owners of are gone; done by itself after each deletion.
  void CollectGarbage();
  void SetPodLog(const ObjectKey& pod, std::string text);
  // SelfSubjectAccessReviews answer no for this verb and plural.
  void Deny(std::string verb, std::string plural);
  // Called before a request is carried out (what it returns is the answer) and
  // after it was (the answer is lost). Called without a lock.
  using Fault = std::function<absl::Status(const FakeRequest&)>;
  void FailBefore(Fault fault);
  void FailAfter(Fault fault);
  // Every request so far, each as its ToString.
  std::vector<std::string> requests() const;
  void ClearRequests();

 private:
  friend class FakeWatch;
  // Versions of a type are one resource.
  using Resource = std::pair<std::string, std::string>;
  struct Stored {
    ObjectPtr object;
    Managers managers;
  };
  struct Change {
    int64_t version = 0;
    Resource resource;
    ObjectPtr before;  // null for a creation
    ObjectPtr after;   // null for a deletion
  };
  struct Snapshot {
    std::vector<ObjectPtr> objects;
    std::string version;
  };
  using Objects = std::map<ObjectKey, Stored>;

  static Resource ResourceOf(const ResourceType& type);

  // Notes the request and asks the first fault; Finish asks the second.
  absl::Status Begin(const FakeRequest& request);
  template <typename Result>
  Result Finish(const FakeRequest& request, Result result);
  Fault FaultAfter() const;

  Stored* FindStored(const ResourceType& type, const ObjectKey& key)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<Json> CreateLocked(const ResourceType& type, Json object,
                                    const Managers& managers)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<Json> UpdateLocked(const ResourceType& type,
                                    const Json& object, bool status)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<Json> ApplyLocked(const ResourceType& type,
                                   const ObjectKey& key, const Json& patch,
                                   const PatchOptions& options)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Stores `object` over `stored` if it differs; removes it if its deletion
  // waited for the finalizers that it lacks now.
  absl::StatusOr<Json> Save(const ResourceType& type, Stored& stored,
                            Json object) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status DeleteLocked(const Resource& resource, const ObjectKey& key,
                            const std::string& propagation)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Remove(const Resource& resource, const ObjectKey& key)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void OrphanDependents(const std::string& uid)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void CollectGarbageLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Note(const Resource& resource, ObjectPtr before, ObjectPtr after)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::string NewUid() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  absl::StatusOr<ListPage> ListLocked(const ResourceType& type,
                                      std::string_view ns,
                                      const ListOptions& options)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<Snapshot> TakeSnapshot(const ResourceType& type,
                                        std::string_view ns,
                                        const ListOptions& options)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<Json> ReviewAccess(Json review)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  base::Clock* const clock_;
  mutable absl::Mutex mutex_;
  absl::CondVar changed_ ABSL_GUARDED_BY(mutex_);
  std::map<Resource, Objects> objects_ ABSL_GUARDED_BY(mutex_);
  int64_t version_ ABSL_GUARDED_BY(mutex_) = 1;
  int64_t compacted_ ABSL_GUARDED_BY(mutex_) = 0;
  std::deque<Change> history_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, Snapshot> pages_ ABSL_GUARDED_BY(mutex_);
  int64_t next_page_ ABSL_GUARDED_BY(mutex_) = 1;
  int64_t next_uid_ ABSL_GUARDED_BY(mutex_) = 1;
  int64_t drops_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<ObjectKey, std::string> logs_ ABSL_GUARDED_BY(mutex_);
  std::set<std::pair<std::string, std::string>> denied_ ABSL_GUARDED_BY(mutex_);
  Fault before_ ABSL_GUARDED_BY(mutex_);
  Fault after_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> requests_ ABSL_GUARDED_BY(mutex_);
};

// One open watch of a FakeKubeClient. Not thread-safe.
class FakeWatch {
 public:
  // The events since the last call, then a bookmark if the server's version
  // moved on. An error is the watch's end: UNAVAILABLE after DropWatches, 410
  // if events that it had not polled were compacted.
  absl::StatusOr<std::vector<WatchEvent>> Poll();

 private:
  friend class FakeKubeClient;
  FakeWatch(FakeKubeClient* server, ResourceType type, std::string ns,
            WatchOptions options);
  absl::Status AppendChange(const FakeKubeClient::Change& change,
                            std::vector<WatchEvent>& events) const;
  absl::StatusOr<bool> Sees(const ObjectPtr& object) const;
  WatchEvent Bookmark() const;

  FakeKubeClient* const server_;
  const ResourceType type_;
  const std::string ns_;
  const WatchOptions options_;
  int64_t version_ = 0;
  int64_t drops_ = 0;
  std::vector<WatchEvent> first_;  // synthesised for a watch from "" or "0"
};

}  // namespace landwaiter::kube

#endif  // LANDWAITER_OPERATOR_KUBE_FAKE_FAKE_KUBE_CLIENT_H_
