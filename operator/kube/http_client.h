#ifndef LANDWAITER_OPERATOR_KUBE_HTTP_CLIENT_H_
#define LANDWAITER_OPERATOR_KUBE_HTTP_CLIENT_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "core/base/clock.h"
#include "core/http/client.h"
#include "operator/kube/backoff.h"
#include "operator/kube/client.h"
#include "operator/kube/config/config.h"
#include "operator/kube/token_bucket.h"

namespace landwaiter::kube {

struct HttpKubeOptions {
  // A fuse against a loop gone wild, not a throttle: reads come from informers,
  // and API priority and fairness shares the server out. client-go's 5 and 10
  // would make a thousand status writes last three minutes.
  double requests_per_second = 50;
  double burst = 100;
  // Of a call in all, its retries included. Watches have their own.
  absl::Duration request_timeout = absl::Seconds(30);
  // Tries after the first. 0 for a leader election.
  int retries = 4;
  // A watch that is silent for longer is opened again: the server sends a
  // bookmark a minute, so the connection is most likely dead.
  absl::Duration watch_idle_timeout = absl::Minutes(4);
  size_t max_object = size_t{16} << 20;
  size_t max_list = size_t{256} << 20;
  std::string user_agent = "landwaiter-operator";
};

// The Kubernetes API over HTTP/1.1. Thread-safe.
//
// It waits its turn when calls come faster than `requests_per_second`, and
// tries again, within the request timeout and with a jittered back-off that is
// at least Retry-After: after 429 (the server did nothing), and, but for
// Create, after 5xx and lost connections. A retried write whose first answer
// was lost may so meet ABORTED or NOT_FOUND. After 401 it asks the token source
// once more.
class HttpKubeClient : public KubeClient {
 public:
  // Makes the connections: one client for requests, and one of its own for each
  // watch, so that a watch is stopped alone. `idle_timeout` is for the client's
  // options.
  using Transport = std::function<absl::StatusOr<std::unique_ptr<http::Client>>(
      absl::Duration idle_timeout)>;

  // `token` may be null. `clock` outlives the client; its Sleep is what waits
  // for one's turn and between tries, so that interrupting it ends calls soon.
  // `seed` feeds the jitter.
  HttpKubeClient(Transport transport, std::unique_ptr<http::Client> requests,
                 std::shared_ptr<TokenSource> token, HttpKubeOptions options,
                 base::Clock* clock, uint64_t seed);
  ~HttpKubeClient() override;

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

  // Makes all requests, watches excepted, fail soon, now and later.
  void Stop();

 private:
  // The body of a 2xx answer, after as many tries as it takes.
  absl::StatusOr<std::string> Call(http::Request request, size_t max_body);
  absl::StatusOr<std::string> Try(const http::Request& request, size_t max_body,
                                  absl::Time end);
  absl::StatusOr<Json> CallForObject(http::Request request);
  absl::StatusOr<Json> Replace(const ResourceType& type, const Json& object,
                               std::string_view subresource);
  // Waits for the rate limit; CANCELLED if the program ends meanwhile.
  absl::Status AwaitTurn();
  absl::Status Authorize(http::Request& request);
  absl::Duration NextDelay(const absl::Status& status);

  const Transport transport_;
  const std::unique_ptr<http::Client> requests_;
  const std::shared_ptr<TokenSource> token_;
  const HttpKubeOptions options_;
  base::Clock* const clock_;
  absl::Mutex mutex_;
  TokenBucket bucket_ ABSL_GUARDED_BY(mutex_);
  Backoff backoff_ ABSL_GUARDED_BY(mutex_);
};

// A client of the cluster. `clock` outlives it. INVALID_ARGUMENT if the
// configuration's certificates or URLs cannot be used.
absl::StatusOr<std::unique_ptr<HttpKubeClient>> NewHttpKubeClient(
    const ClusterConfig& config, HttpKubeOptions options, base::Clock* clock,
    uint64_t seed);

}  // namespace landwaiter::kube

#endif  // LANDWAITER_OPERATOR_KUBE_HTTP_CLIENT_H_
