#ifndef LANDWAITER_OPERATOR_CONNECTOR_ENROLMENT_H_
#define LANDWAITER_OPERATOR_CONNECTOR_ENROLMENT_H_

#include <functional>
#include <map>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "core/base/clock.h"
#include "operator/certificates/x509.h"
#include "operator/kube/client.h"
#include "operator/reconcile/connector_enrolments.h"

namespace landwaiter::connector {

// The name that connectors verify the operator by, whatever its address is.
inline constexpr char kServerName[] = "landwaiter-connector-server";

struct EnrolmentOptions {
  std::string ns;       // the operator's: where the Secrets are
  std::string address;  // host:port at which connectors reach the operator
  // Of the connector, for the command.
  std::string chart =
      "oci://registry.landwaiter.dev/charts/landwaiter-connector";
  std::string version;  // of the chart; empty: the newest
  std::string default_scan_namespace;
  absl::Duration token_life = absl::Hours(24);
  absl::Duration certificate_life = absl::Hours(24 * 90);
};

struct ConnectorCertificate {
  std::string certificate;
  std::string ca;
};

// Tokens and keys of the connectors, one Secret a RepositoryCluster: the hash
// of its one-time token, when that runs out, and the hash of the public key
// that it was used with. A connector is who has that key. Thread-safe.
class Enrolment : public reconcile::ConnectorEnrolments {
 public:
  // `on_revoked` hears of each cluster whose connector must go.
  using OnRevoked = std::function<void(const std::string& uid)>;
  // Both outlive it.
  Enrolment(kube::KubeClient* kube, base::Clock* clock,
            EnrolmentOptions options, OnRevoked on_revoked);

  // What signs certificates, and the bundle that connectors verify with. Until
  // then nobody is enrolled.
  void SetSigner(certificates::KeyPair signer, std::string ca);

  absl::StatusOr<reconcile::ConnectorEnrolment> Ensure(
      const kube::Json& cluster) override;
  absl::Status Forget(const std::string& cluster_uid) override;

  // A certificate for the key, if the token is the cluster's, not expired, and
  // not used with another key. UNAUTHENTICATED says no more than that.
  absl::StatusOr<ConnectorCertificate> Enrol(const std::string& cluster_uid,
                                             const std::string& token,
                                             const std::string& public_key);
  // OK if the certificate is of the cluster's connector. With a renewed
  // certificate if a third of its life is over.
  absl::StatusOr<ConnectorCertificate> Admit(
      const std::string& cluster_uid, const std::string& certificate_pem);

 private:
  absl::StatusOr<ConnectorCertificate> Sign(const std::string& cluster_uid,
                                            const std::string& public_key);
  absl::StatusOr<kube::Json> Read(const std::string& cluster_uid);
  absl::Status NewToken(const kube::Json& cluster, kube::Json secret,
                        const std::string& request);
  std::string Command(const kube::Json& cluster, const std::string& token);
  // The token that the status shows or that was just made, if its hash is this.
  std::string KnownToken(const kube::Json& cluster, const std::string& hash);

  kube::KubeClient* const kube_;
  base::Clock* const clock_;
  const EnrolmentOptions options_;
  const OnRevoked on_revoked_;
  absl::Mutex mutex_;
  certificates::KeyPair signer_ ABSL_GUARDED_BY(mutex_);
  std::string ca_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::string> tokens_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace landwaiter::connector

#endif  // LANDWAITER_OPERATOR_CONNECTOR_ENROLMENT_H_
