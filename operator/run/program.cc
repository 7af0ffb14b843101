#include "operator/run/program.h"

#include <unistd.h>

#include <atomic>
#include <memory>
#include <random>
#include <string>

#include "absl/strings/str_format.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "core/base/failure.h"
#include "core/base/log.h"
#include "core/base/strings.h"
#include "core/http/server.h"
#include "operator/kube/config/config.h"
#include "operator/kube/http_client.h"
#include "operator/kube/leader_election.h"
#include "operator/kube/leader_runner.h"
#include "operator/metrics/metered_kube_client.h"
#include "operator/reconcile/finalizer.h"
#include "operator/run/runtime.h"

namespace landwaiter::run {
namespace {

constexpr char kMetricsType[] = "text/plain; version=0.0.4; charset=utf-8";

// Half of what the lease outlasts the renew deadline (leader_election.h).
constexpr absl::Duration kElectionTimeout = absl::Milliseconds(2500);

uint32_t Random() { return std::random_device()(); }

// Pod name and a random part: unique to this process.
std::string Identity() {
  char host[256] = "";
  gethostname(host, sizeof(host) - 1);
  return base::StrCat(host, "_", absl::StrFormat("%08x", Random()));
}

// What the pages and the election's callbacks share.
class State {
 public:
  // The runtime while it leads, else null.
  std::shared_ptr<Runtime> runtime() const {
    absl::MutexLock lock(&mutex_);
    return runtime_;
  }
  void set_runtime(std::shared_ptr<Runtime> runtime) {
    absl::MutexLock lock(&mutex_);
    runtime_.swap(runtime);
  }
  std::atomic<bool> leading = false;

 private:
  mutable absl::Mutex mutex_;
  std::shared_ptr<Runtime> runtime_ ABSL_GUARDED_BY(mutex_);
};

http::Page Answer(std::string_view path, const State& state,
                  metrics::OperatorMetrics& metrics) {
  const std::shared_ptr<Runtime> runtime = state.runtime();
  if (path == "/healthz") return {.body = "ok\n"};
  if (path == "/readyz") {
    // One that does not lead is ready to.
    if (!state.leading || (runtime != nullptr && runtime->IsReady())) {
      return {.body = "ok\n"};
    }
    return {.status = 503, .body = "the first lists are not there yet\n"};
  }
  if (path == "/metrics") {
    if (runtime != nullptr) runtime->UpdateMetrics();
    return {.content_type = kMetricsType, .body = metrics.Render()};
  }
  return {.status = 404, .body = "/healthz, /readyz, /metrics\n"};
}

absl::StatusOr<std::unique_ptr<kube::HttpKubeClient>> ElectionClient(
    const kube::ClusterConfig& cluster, base::Clock* clock) {
  kube::HttpKubeOptions options;
  options.retries = 0;
  options.request_timeout = kElectionTimeout;
  return kube::NewHttpKubeClient(cluster, options, clock, Random());
}

// Starts the runtime and tries again while that fails, until the clock is
// interrupted or `lost` is notified.
void Lead(const config::OperatorConfig& config, kube::KubeClient& client,
          base::Clock& clock, metrics::OperatorMetrics& metrics,
          const std::string& identity, const absl::Notification& lost,
          State& state) {
  while (!lost.HasBeenNotified()) {
    auto runtime =
        std::make_shared<Runtime>(&config, &client, &clock, &metrics, identity);
    const absl::Status started = runtime->Start();
    if (started.ok()) {
      state.set_runtime(std::move(runtime));
      return;
    }
    base::LogError("cannot start", {{"error", started.ToString()}});
    if (!clock.Sleep(absl::Seconds(5))) return;
  }
}

}  // namespace

absl::Status RunOperator(const config::OperatorConfig& config,
                         base::RealClock& clock) {
  metrics::OperatorMetrics metrics;
  State state;
  LANDWAITER_ASSIGN_OR_RETURN(const kube::ClusterConfig cluster,
                              kube::LoadConfig(config.kubeconfig, "", &clock));
  LANDWAITER_ASSIGN_OR_RETURN(
      const std::unique_ptr<kube::HttpKubeClient> http_client,
      kube::NewHttpKubeClient(cluster, {}, &clock, Random()));
  // Of its own: the lease is given back after `clock` was interrupted.
  base::RealClock election_clock;
  LANDWAITER_ASSIGN_OR_RETURN(
      const std::unique_ptr<kube::HttpKubeClient> election_client,
      ElectionClient(cluster, &election_clock));
  metrics::MeteredKubeClient client(http_client.get(), &metrics);
  LANDWAITER_ASSIGN_OR_RETURN(
      std::unique_ptr<http::PageServer> pages,
      http::PageServer::Start(config.listen, [&](std::string_view path) {
        return Answer(path, state, metrics);
      }));

  const std::string identity = Identity();
  absl::Notification began;
  absl::Notification lost;
  kube::LeaderElector elector(
      election_client.get(),
      {.lease = {config.ns, config.lease}, .identity = identity});
  base::LogInfo("operator started",
                {{"identity", identity}, {"namespace", config.ns}});
  kube::LeaderRunner election(&elector, &election_clock,
                              {.on_started_leading =
                                   [&] {
                                     base::LogInfo("leading");
                                     state.leading = true;
                                     metrics.SetLeader(true);
                                     began.Notify();
                                   },
                               .on_stopped_leading =
                                   [&] {
                                     metrics.SetLeader(false);
                                     lost.Notify();
                                   }});
  // Sleeps in short steps: an interrupted clock ends them at once.
  bool running = true;
  while (running && !began.HasBeenNotified()) {
    running = clock.Sleep(absl::Milliseconds(100));
  }
  if (running) Lead(config, client, clock, metrics, identity, lost, state);
  while (running && !lost.HasBeenNotified()) {
    running = clock.Sleep(absl::Milliseconds(200));
  }
  base::LogInfo("operator stops", {{"lost_leadership", running}});
  // Work ends before the lease is given back: nobody acts beside us. The pages
  // go first, since an answer under way keeps the runtime.
  pages.reset();
  state.set_runtime(nullptr);
  election.Stop();
  if (running) return absl::AbortedError("leadership was lost");
  return absl::OkStatus();
}

absl::Status ReleaseFinalizers(const std::vector<std::string>& namespaces,
                               base::Clock& clock) {
  LANDWAITER_ASSIGN_OR_RETURN(const kube::ClusterConfig cluster,
                              kube::LoadConfig("", "", &clock));
  LANDWAITER_ASSIGN_OR_RETURN(
      const std::unique_ptr<kube::HttpKubeClient> client,
      kube::NewHttpKubeClient(cluster, {}, &clock, Random()));
  return reconcile::ReleaseFinalizers(*client, namespaces);
}

}  // namespace landwaiter::run
