#include "operator/run/remote_threads.h"

#include <algorithm>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include "core/base/failure.h"
#include "operator/kube/informer_runner.h"
#include "operator/kube/stop.h"

namespace landwaiter::run {
namespace {

// How soon a call that found the cluster away is followed up.
constexpr absl::Duration kPoll = absl::Milliseconds(200);

class RemoteThreads {
 public:
  RemoteThreads(manager::RemoteCluster* cluster, base::Clock* clock) {
    for (kube::Informer* informer : cluster->informers()) {
      informers_.push_back(std::make_unique<kube::InformerRunner>(
          cluster->client(), clock, informer));
    }
    prober_ = std::jthread([cluster](const std::stop_token& stop) {
      do cluster->Step();
      while (kube::SleepUnlessStopped(stop, kPoll));
    });
  }
  RemoteThreads(const RemoteThreads&) = delete;
  RemoteThreads& operator=(const RemoteThreads&) = delete;

 private:
  std::vector<std::unique_ptr<kube::InformerRunner>> informers_;
  std::jthread prober_;
};

}  // namespace

kube::HttpKubeOptions RemoteClientOptions() {
  kube::HttpKubeOptions options;
  options.requests_per_second = 20;
  options.burst = 40;
  options.request_timeout = absl::Seconds(10);
  options.retries = 1;
  options.max_object = size_t{4} << 20;
  options.max_list = size_t{32} << 20;
  return options;
}

absl::StatusOr<manager::RemoteClient> ConnectByKubeconfig(
    const reconcile::LinkSpec& spec, const http::AddressPolicy& addresses,
    base::Clock* clock) {
  LANDWAITER_ASSIGN_OR_RETURN(
      kube::ClusterConfig config,
      kube::ParseKubeconfig(spec.kubeconfig,
                            {.trust = kube::KubeconfigTrust::kForeign}, clock));
  config.address_policy = addresses;
  LANDWAITER_ASSIGN_OR_RETURN(
      std::shared_ptr<kube::HttpKubeClient> client,
      kube::NewHttpKubeClient(config, RemoteClientOptions(), clock,
                              std::random_device()()));
  kube::HttpKubeClient* const raw = client.get();
  return manager::RemoteClient{std::move(client), [raw] { raw->Stop(); }};
}

std::shared_ptr<void> DriveRemote(manager::RemoteCluster* cluster,
                                  base::Clock* clock) {
  return std::make_shared<RemoteThreads>(cluster, clock);
}

}  // namespace landwaiter::run
