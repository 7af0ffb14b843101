#ifndef LANDWAITER_OPERATOR_KUBE_BREAKER_CLIENT_H_
#define LANDWAITER_OPERATOR_KUBE_BREAKER_CLIENT_H_

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "operator/kube/client.h"

namespace landwaiter::kube {

// UNAVAILABLE, for the reason that `why` gives, with its code and cause.
absl::Status Away(const absl::Status& why);

// A client for a server that may be away: after a call that could not reach it
// every other fails at once with the same error, until someone who asks by
// another way has found it to answer. So a server that hangs costs its callers
// one timeout an outage, not one a call. Thread-safe.
class BreakerClient : public KubeClient {
 public:
  // `client` outlives it.
  explicit BreakerClient(KubeClient* client) : client_(client) {}

  // OK: calls go through; else they fail with this.
  void SetState(absl::Status state);
  absl::Status state() const;

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
  absl::Status Watch(const ResourceType& type, std::string_view ns,
                     const WatchOptions& options, OnEvent on_event,
                     std::stop_token stop) override;
  absl::StatusOr<std::string> PodLog(const ObjectKey& pod,
                                     const PodLogOptions& options) override;
  absl::StatusOr<std::string> GetRaw(std::string_view path) override;

 private:
  template <typename Call>
  auto Guard(Call call) -> decltype(call());

  KubeClient* const client_;
  mutable absl::Mutex mutex_;
  absl::Status state_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace landwaiter::kube

#endif  // LANDWAITER_OPERATOR_KUBE_BREAKER_CLIENT_H_
