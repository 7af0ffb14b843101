#include "analyzer/service/server.h"

#include <grpcpp/ext/health_check_service_server_builder_option.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <utility>

#include "analyzer/service/advisory_service.h"
#include "analyzer/service/agent_service.h"
#include "analyzer/service/control_service.h"
#include "analyzer/service/upload_budget.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::service {
namespace {

namespace tls = grpc::experimental;

constexpr int kMaxMessage = 4 << 20;
constexpr int kMaxMetadata = 16 << 10;

absl::Status CheckReadable(const std::string& path, std::string_view what) {
  if (std::ifstream(path).good()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      base::StrCat("cannot read the ", what, " \"", path, "\""));
}

// Certificates come from files and are taken anew when the files change.
// Client certificates are asked for and, where shown, must verify; who must
// show one is the services' to say.
std::shared_ptr<grpc::ServerCredentials> Credentials(
    const ServerOptions& options) {
  auto provider = std::make_shared<tls::FileWatcherCertificateProvider>(
      options.key_file, options.certificate_file, options.client_ca_file,
      static_cast<unsigned>(
          std::max<int64_t>(1, absl::ToInt64Seconds(options.tls_reload))));
  tls::TlsServerCredentialsOptions credentials(provider);
  credentials.watch_root_certs();
  credentials.watch_identity_key_cert_pairs();
  credentials.set_cert_request_type(
      GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY);
  return tls::TlsServerCredentials(credentials);
}

void SetLimits(grpc::ServerBuilder& builder, const ServerOptions& options) {
  builder.SetMaxReceiveMessageSize(kMaxMessage);
  builder.SetMaxSendMessageSize(kMaxMessage);
  // What is compressed may be small on the wire and large in memory.
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
  grpc::ResourceQuota quota("analyzer");
  quota.SetMaxThreads(options.max_threads);
  builder.SetResourceQuota(quota);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadata);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS,
                             options.max_concurrent_streams);
  // Pings keep idle connections through NATs alive, and find dead peers; who
  // pings much more often is cut off.
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  builder.AddChannelArgument(
      GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 20'000);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, 3);
  // A second server on the port would steal half of the connections.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

class GrpcServer : public Server {
 public:
  GrpcServer(const ServerOptions& options, Backend backend)
      : options_(options),
        uploads_(options.upload_bytes),
        agents_(backend.queue, backend.tokens, backend.clock, uploads_,
                backend.calls, egress_),
        control_(backend.control, backend.feed, backend.tokens, backend.calls,
                 egress_, options.client_names) {
    if (backend.advisories == nullptr) return;
    advisories_ = std::make_unique<AdvisoryServiceImpl>(
        *backend.advisories, backend.calls, options.client_names);
  }
  ~GrpcServer() override { Shutdown(); }

  absl::Status Listen() {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::ServerBuilder builder;
    SetLimits(builder, options_);
    builder.AddListeningPort(options_.listen, Credentials(options_), &port_);
    builder.RegisterService(&agents_);
    builder.RegisterService(&control_);
    if (advisories_ != nullptr) builder.RegisterService(advisories_.get());
    server_ = builder.BuildAndStart();
    if (server_ == nullptr || port_ == 0) {
      return absl::UnavailableError(
          base::StrCat("cannot listen on ", options_.listen));
    }
    server_->GetHealthCheckService()->SetServingStatus(true);
    return absl::OkStatus();
  }

  int port() const override { return port_; }

  void Shutdown() override {
    if (server_ == nullptr) return;
    server_->GetHealthCheckService()->Shutdown();
    control_.Stop();
    server_->Shutdown(std::chrono::system_clock::now() +
                      absl::ToChronoMilliseconds(options_.shutdown_grace));
    server_->Wait();
    server_.reset();
  }

 private:
  const ServerOptions options_;
  UploadBudget uploads_;
  EgressAddresses egress_;
  AgentServiceImpl agents_;
  ControlServiceImpl control_;
  std::unique_ptr<AdvisoryServiceImpl> advisories_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(
    const ServerOptions& options, Backend backend) {
  LANDWAITER_RETURN_IF_ERROR(
      CheckReadable(options.certificate_file, "server's certificate"));
  LANDWAITER_RETURN_IF_ERROR(CheckReadable(options.key_file, "server's key"));
  LANDWAITER_RETURN_IF_ERROR(
      CheckReadable(options.client_ca_file, "CA of client certificates"));
  auto server = std::make_unique<GrpcServer>(options, backend);
  LANDWAITER_RETURN_IF_ERROR(server->Listen());
  return server;
}

}  // namespace landwaiter::analyzer::service
