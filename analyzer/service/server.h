#ifndef LANDWAITER_ANALYZER_SERVICE_SERVER_H_
#define LANDWAITER_ANALYZER_SERVICE_SERVER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "analyzer/queue/change_feed.h"
#include "analyzer/queue/task_control.h"
#include "analyzer/queue/work_queue.h"
#include "analyzer/service/advisory_desk.h"
#include "analyzer/service/call_log.h"
#include "analyzer/tokens/token_authority.h"

namespace landwaiter::analyzer::service {

struct ServerOptions {
  std::string listen = "0.0.0.0:8443";
  // PEM files, read again when they change (certificates rotate).
  std::string certificate_file;  // the server's, with its chain
  std::string key_file;
  std::string client_ca_file;  // who signs the certificates of controllers
  absl::Duration tls_reload = absl::Seconds(10);
  // A controller's certificate carries one of these names.
  std::vector<std::string> client_names = {"landwaiter-operator"};
  int max_threads = 64;
  int max_concurrent_streams = 100;             // a connection
  uint64_t upload_bytes = uint64_t{256} << 20;  // reports on their way in
  absl::Duration shutdown_grace = absl::Seconds(10);
};

// What the server serves; all outlive it.
struct Backend {
  queue::WorkQueue& queue;
  queue::TaskControl& control;
  queue::ChangeFeed& feed;
  tokens::TokenAuthority& tokens;
  base::Clock& clock;
  CallLog& calls;
  AdvisoryDesk* advisories = nullptr;  // may be without
};

// The analyzer's gRPC server: AgentService (bearer tokens), ControlService
// (client certificates) and grpc.health.v1.Health on one TLS port. Messages
// are at most 4 MiB and never compressed.
class Server {
 public:
  // INVALID_ARGUMENT when the certificates cannot be read; UNAVAILABLE when
  // the port is taken.
  static absl::StatusOr<std::unique_ptr<Server>> Start(
      const ServerOptions& options, Backend backend);
  virtual ~Server() = default;

  virtual int port() const = 0;
  // Ends the watches, lets running calls end within shutdown_grace, then cuts
  // them.
  virtual void Shutdown() = 0;
};

}  // namespace landwaiter::analyzer::service

#endif  // LANDWAITER_ANALYZER_SERVICE_SERVER_H_
