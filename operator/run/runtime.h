#ifndef LANDWAITER_OPERATOR_RUN_RUNTIME_H_
#define LANDWAITER_OPERATOR_RUN_RUNTIME_H_

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "core/base/clock.h"
#include "core/base/failpoint.h"
#include "operator/analyzer/grpc_control_client.h"
#include "operator/certificates/certificate_secrets.h"
#include "operator/config/operator_config.h"
#include "operator/kube/client.h"
#include "operator/kube/event_recorder.h"
#include "operator/kube/informer_runner.h"
#include "operator/manager/operator.h"
#include "operator/metrics/operator_metrics.h"
#include "operator/run/connector_endpoint.h"
#include "operator/run/lanes.h"

namespace landwaiter::run {

// The threads of a leading operator: one an informer, one a controller, one
// for the analyzer's changes, one for events. They run from Start to the
// destructor.
class Runtime {
 public:
  // All outlive it.
  Runtime(const config::OperatorConfig* config, kube::KubeClient* client,
          base::Clock* clock, metrics::OperatorMetrics* metrics,
          std::string identity);
  ~Runtime();

  // Learns which cluster this is, then starts everything; returns once it
  // runs, or why it cannot.
  absl::Status Start();
  // Whether every informer has its first list.
  bool IsReady() const;
  // Puts into the metrics what is counted when they are read.
  void UpdateMetrics() const;

 private:
  void StartCertificates();
  void StartOperator(const std::string& cluster_uid);
  void OnCertificates(const certificates::OperatorCertificates& ready);
  std::string AnalyzerCa() const;
  manager::RemoteOptions RemoteLinks();
  void WatchAnalyzer(const std::stop_token& stop);
  void RunWhenSynced(const std::stop_token& stop,
                     manager::Controller* controller, Lanes* lanes);

  const config::OperatorConfig& config_;
  kube::KubeClient* const client_;
  base::Clock* const clock_;
  metrics::OperatorMetrics* const metrics_;
  base::NoFailpoints failpoints_;
  kube::QueuedEventRecorder events_;
  control::GrpcControlClient analyzer_;
  mutable absl::Mutex mutex_;
  std::string analyzer_ca_ ABSL_GUARDED_BY(mutex_);

  std::unique_ptr<certificates::CertificateReconciler> certificates_;
  std::unique_ptr<manager::Controller> certificate_controller_;
  std::vector<std::unique_ptr<kube::Informer>> certificate_informers_;
  ConnectorEndpoint connectors_;
  std::unique_ptr<manager::Operator> operator_;
  // A far cluster that hangs delays what a controller does about it alone.
  std::vector<std::unique_ptr<Lanes>> lanes_;  // one a controller
  std::atomic<bool> started_ = false;
  // Last: these use the others.
  std::vector<std::unique_ptr<kube::InformerRunner>> informers_;
  std::vector<std::jthread> threads_;
};

}  // namespace landwaiter::run

#endif  // LANDWAITER_OPERATOR_RUN_RUNTIME_H_
