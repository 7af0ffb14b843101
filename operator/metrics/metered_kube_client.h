#ifndef LANDWAITER_OPERATOR_METRICS_METERED_KUBE_CLIENT_H_
#define LANDWAITER_OPERATOR_METRICS_METERED_KUBE_CLIENT_H_

#include "operator/kube/client.h"
#include "operator/metrics/operator_metrics.h"

namespace landwaiter::metrics {

// Counts what it passes on (a call that the client retried counts once).
class MeteredKubeClient : public kube::KubeClient {
 public:
  // Both outlive it.
  MeteredKubeClient(kube::KubeClient* client, OperatorMetrics* metrics)
      : client_(client), metrics_(metrics) {}

  absl::StatusOr<kube::Json> Get(const kube::ResourceType& type,
                                 const kube::ObjectKey& key) override;
  absl::StatusOr<kube::ListPage> List(
      const kube::ResourceType& type, std::string_view ns,
      const kube::ListOptions& options) override;
  absl::StatusOr<kube::Json> Create(const kube::ResourceType& type,
                                    const kube::Json& object) override;
  absl::StatusOr<kube::Json> Update(const kube::ResourceType& type,
                                    const kube::Json& object) override;
  absl::StatusOr<kube::Json> UpdateStatus(const kube::ResourceType& type,
                                          const kube::Json& object) override;
  absl::StatusOr<kube::Json> Patch(const kube::ResourceType& type,
                                   const kube::ObjectKey& key,
                                   const kube::Json& patch,
                                   const kube::PatchOptions& options) override;
  absl::Status Delete(const kube::ResourceType& type,
                      const kube::ObjectKey& key,
                      const kube::DeleteOptions& options) override;
  absl::Status Watch(const kube::ResourceType& type, std::string_view ns,
                     const kube::WatchOptions& options, OnEvent on_event,
                     std::stop_token stop) override;
  absl::StatusOr<std::string> PodLog(
      const kube::ObjectKey& pod, const kube::PodLogOptions& options) override;
  absl::StatusOr<std::string> GetRaw(std::string_view path) override;

 private:
  template <typename Result>
  Result Count(std::string_view verb, Result result);

  kube::KubeClient* const client_;
  OperatorMetrics* const metrics_;
};

}  // namespace landwaiter::metrics

#endif  // LANDWAITER_OPERATOR_METRICS_METERED_KUBE_CLIENT_H_
