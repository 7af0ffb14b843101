#ifndef LANDWAITER_OPERATOR_CONNECTOR_IDENTITY_H_
#define LANDWAITER_OPERATOR_CONNECTOR_IDENTITY_H_

#include <string>

#include "absl/status/statusor.h"
#include "operator/kube/client.h"

namespace landwaiter::connector {

// Who a connector is: kept in a Secret of its namespace, so that it survives
// the pod. PEM; the key is secret and never leaves the cluster.
struct Identity {
  std::string key;
  std::string certificate;    // empty: not enrolled yet
  std::string ca;             // to verify the operator with
  std::string enrolled_with;  // hash of the token

  bool enrolled() const { return !certificate.empty(); }
};

// The identity in the Secret; with a new key, kept before it is used, if there
// is none or if `token` is another than the one it was enrolled with: somebody
// has installed the connector anew.
absl::StatusOr<Identity> LoadIdentity(kube::KubeClient& kube,
                                      const kube::ObjectKey& secret,
                                      const std::string& token);
absl::Status KeepIdentity(kube::KubeClient& kube, const kube::ObjectKey& secret,
                          const Identity& identity);

}  // namespace landwaiter::connector

#endif  // LANDWAITER_OPERATOR_CONNECTOR_IDENTITY_H_
