#ifndef LANDWAITER_OPERATOR_RUN_CONNECTOR_ENDPOINT_H_
#define LANDWAITER_OPERATOR_RUN_CONNECTOR_ENDPOINT_H_

#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "core/base/clock.h"
#include "operator/connector/enrolment.h"
#include "operator/connector/server.h"
#include "operator/connector/tunnel.h"
#include "operator/manager/remote_cluster.h"

namespace landwaiter::run {

// The leader's end of all connectors. It serves while it has certificates, and
// anew with others, which connectors survive. Thread-safe.
class ConnectorEndpoint {
 public:
  // `on_attach` hears of each cluster whose connector has come. Without an
  // address in the options nothing is served. The others outlive it.
  ConnectorEndpoint(std::string listen, connector::EnrolmentOptions options,
                    kube::KubeClient* kube, base::Clock* clock,
                    connector::TunnelHub::OnAttach on_attach);
  ~ConnectorEndpoint();

  void SetCertificates(const certificates::KeyPair& signer,
                       const std::string& ca);
  connector::Enrolment& enrolment() { return enrolment_; }
  // A client through the connector that the cluster has at the time.
  manager::RemoteClient Connect(const reconcile::LinkSpec& spec);
  // Ends the server and all streams.
  void Stop();

 private:
  void Serve();

  const std::string listen_;
  const bool enabled_;
  base::Clock* const clock_;
  connector::TunnelHub hub_;
  connector::Enrolment enrolment_;
  absl::Mutex mutex_;
  certificates::KeyPair signer_ ABSL_GUARDED_BY(mutex_);
  std::string ca_ ABSL_GUARDED_BY(mutex_);
  absl::Time serve_anew_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteFuture();
  std::unique_ptr<connector::ConnectorServer> server_ ABSL_GUARDED_BY(mutex_);
  std::jthread thread_;  // last: it uses the others
};

}  // namespace landwaiter::run

#endif  // LANDWAITER_OPERATOR_RUN_CONNECTOR_ENDPOINT_H_
