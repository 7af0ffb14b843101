#ifndef LANDWAITER_OPERATOR_CERTIFICATES_CERTIFICATE_SECRETS_H_
#define LANDWAITER_OPERATOR_CERTIFICATES_CERTIFICATE_SECRETS_H_

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/base/clock.h"
#include "operator/certificates/rotation.h"
#include "operator/kube/client.h"
#include "operator/reconcile/context.h"

namespace landwaiter::certificates {

struct CertificateOptions {
  // False: someone else (cert-manager) makes the operator's Secret; it is only
  // read.
  bool issue = true;
  std::string ns;
  std::string ca_secret = "landwaiter-ca";
  std::string analyzer_secret = "landwaiter-analyzer-tls";
  std::string operator_secret = "landwaiter-operator-tls";
  // Of a CA for connectors alone, kept by us where somebody else issues: theirs
  // does not sign for us. Empty: there are no connectors.
  std::string connector_ca_secret;
  RotationOptions rotation;
};

// What the operator presents to the analyzer, and verifies it with.
struct OperatorCertificates {
  KeyPair client;
  std::string ca;  // bundle
  // What signs for connectors, and the bundle that they verify with; empty if
  // somebody else issues and there are no connectors.
  KeyPair signer;
  std::string signer_ca;
};

// Keeps the installation's certificates in three Secrets:
//   CA        tls.crt tls.key, next.crt next.key, previous.crt, ca.crt (bundle)
//   analyzer  tls.crt tls.key ca.crt, for the analyzer to mount
//   operator  tls.crt tls.key ca.crt
// (where somebody else issues: a CA for connectors, if there are any) and tells
// `on_ready` what the operator should use, on each reconcile. Its only key is
// Key(); only the leader may run it.
class CertificateReconciler : public reconcile::Reconciler {
 public:
  using OnReady = std::function<void(const OperatorCertificates&)>;
  // Both outlive it.
  CertificateReconciler(kube::KubeClient* client, base::Clock* clock,
                        CertificateOptions options, OnReady on_ready);

  static kube::ObjectKey Key() { return {"", "certificates"}; }
  absl::StatusOr<absl::Time> Reconcile(const kube::ObjectKey& key) override;

 private:
  absl::StatusOr<absl::Time> Issue();
  absl::StatusOr<absl::Time> Read();
  // The connectors' own CA, into `ready`; when to look again.
  absl::StatusOr<absl::Time> KeepConnectorCa(OperatorCertificates& ready);
  absl::Status PutCa(nlohmann::json secret, const std::string& name,
                     const CertificateSet& set);

  kube::KubeClient* const client_;
  base::Clock* const clock_;
  const CertificateOptions options_;
  const OnReady on_ready_;
};

}  // namespace landwaiter::certificates

#endif  // LANDWAITER_OPERATOR_CERTIFICATES_CERTIFICATE_SECRETS_H_
