#ifndef LANDWAITER_AGENT_SUBMIT_GRPC_WORK_CLIENT_H_
#define LANDWAITER_AGENT_SUBMIT_GRPC_WORK_CLIENT_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "agent/submit/work_client.h"
#include "core/base/clock.h"

namespace landwaiter::agent::submit {

struct GrpcWorkClientOptions {
  std::string address;      // "analyzer.landwaiter.svc:8443"
  std::string ca_pem;       // who signed the analyzer's certificate
  std::string server_name;  // to present and verify; empty: the address's host
  std::string token;        // the first; heartbeats renew it. Secret.
  absl::Duration call_deadline = absl::Seconds(30);
  // One SubmitLayer of up to 64 MiB may take this long.
  absl::Duration upload_deadline = absl::Minutes(5);
  // A call that finds the analyzer unavailable is tried again with back-off
  // and jitter until this much time has passed.
  absl::Duration retry_for = absl::Minutes(2);
  // What the layer reports of this agent are worth (model::
  // kLayerReportVersion).
  uint32_t report_version = 1;
};

// The analyzer over gRPC on TLS. INVALID_ARGUMENT for options that cannot
// work; connecting happens with the first call. `clock` must outlive it.
absl::StatusOr<std::unique_ptr<WorkClient>> NewGrpcWorkClient(
    GrpcWorkClientOptions options, base::Clock& clock);

}  // namespace landwaiter::agent::submit

#endif  // LANDWAITER_AGENT_SUBMIT_GRPC_WORK_CLIENT_H_
