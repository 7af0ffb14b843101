#ifndef LANDWAITER_OPERATOR_CONNECTOR_SERVER_H_
#define LANDWAITER_OPERATOR_CONNECTOR_SERVER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "operator/certificates/x509.h"
#include "operator/connector/enrolment.h"
#include "operator/connector/tunnel.h"

namespace landwaiter::connector {

// The port that connectors come to: gRPC on TLS, a client certificate for
// everything but Enrol. It stops when it goes.
class ConnectorServer {
 public:
  // Each stream holds a thread, and another that writes.
  static constexpr int kMaxStreams = 128;

  // `identity` is for kServerName; `ca` signs the connectors' certificates.
  // The others outlive it. UNAVAILABLE if `listen` ("host:port", 0: a free
  // port) cannot be bound.
  static absl::StatusOr<std::unique_ptr<ConnectorServer>> Start(
      const std::string& listen, const certificates::KeyPair& identity,
      const std::string& ca, Enrolment* enrolment, TunnelHub* hub);
  virtual ~ConnectorServer() = default;
  virtual int port() const = 0;
};

}  // namespace landwaiter::connector

#endif  // LANDWAITER_OPERATOR_CONNECTOR_SERVER_H_
