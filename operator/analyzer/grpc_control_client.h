#ifndef LANDWAITER_OPERATOR_ANALYZER_GRPC_CONTROL_CLIENT_H_
#define LANDWAITER_OPERATOR_ANALYZER_GRPC_CONTROL_CLIENT_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "operator/analyzer/control_client.h"

namespace landwaiter::control {

// What the operator shows and trusts; PEM.
struct ControlCredentials {
  std::string ca;           // who signed the analyzer's certificate
  std::string certificate;  // the operator's own
  std::string key;          // secret
  friend bool operator==(const ControlCredentials&,
                         const ControlCredentials&) = default;
};

struct GrpcControlClientOptions {
  std::string address;      // "landwaiter-analyzer.landwaiter.svc:8443"
  std::string server_name;  // to verify; empty: the address's host
  absl::Duration call_deadline = absl::Seconds(20);
  // Asked for before each call: a channel is made anew when they changed
  // (certificates are rotated). Called from several threads.
  std::function<absl::StatusOr<ControlCredentials>()> credentials;
};

// The analyzer over gRPC on TLS with a client certificate.
absl::StatusOr<std::unique_ptr<ControlClient>> NewGrpcControlClient(
    GrpcControlClientOptions options);

}  // namespace landwaiter::control

#endif  // LANDWAITER_OPERATOR_ANALYZER_GRPC_CONTROL_CLIENT_H_
