#include "operator/connector/program.h"

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <memory>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "core/base/failure.h"
#include "core/base/log.h"
#include "core/base/strings.h"
#include "core/http/server.h"
#include "landwaiter/v1/connector.grpc.pb.h"
#include "operator/certificates/x509.h"
#include "operator/connector/enrolment.h"
#include "operator/connector/executor.h"
#include "operator/connector/identity.h"
#include "operator/kube/backoff.h"
#include "operator/kube/config/config.h"
#include "operator/kube/http_client.h"

namespace landwaiter::connector {
namespace {

constexpr int kMaxMessage = 4 << 20;
constexpr char kVersion[] = "0.1.0";
constexpr kube::Backoff::Options kDelays{.first = absl::Seconds(1),
                                         .greatest = absl::Seconds(60),
                                         .reset = absl::Minutes(5)};
// A stream is opened anew so often, which renews the certificate in time.
constexpr absl::Duration kStreamLife = absl::Hours(24);

using Stream =
    grpc::ClientReaderWriter<v1::ConnectorMessage, v1::OperatorMessage>;

absl::Status FromGrpc(const grpc::Status& status) {
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                      status.error_message());
}

// Without the line's end; empty if it cannot be read.
std::string ReadSmall(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str().substr(0, 64 << 10);
}

std::shared_ptr<grpc::Channel> NewChannel(const std::string& address,
                                          const std::string& ca,
                                          const Identity* identity) {
  grpc::SslCredentialsOptions tls;
  tls.pem_root_certs = ca;
  if (identity != nullptr) {
    tls.pem_cert_chain = identity->certificate;
    tls.pem_private_key = identity->key;
  }
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMaxMessage);
  arguments.SetMaxSendMessageSize(kMaxMessage);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 15'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetSslTargetNameOverride(kServerName);
  return grpc::CreateCustomChannel(address, grpc::SslCredentials(tls),
                                   arguments);
}

class Connector {
 public:
  Connector(const ConnectorConfig& config, kube::ClusterConfig cluster,
            kube::KubeClient* kube, base::RealClock* clock)
      : config_(config),
        cluster_(std::move(cluster)),
        kube_(*kube),
        clock_(*clock),
        secret_{config.ns, config.secret} {}

  bool connected() const { return connected_; }

  void Run() {
    kube::Backoff backoff(kDelays, std::random_device()());
    const std::jthread stopper([this](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        if (!clock_.Sleep(absl::Milliseconds(200))) Cancel();
        if (stopped_) return;
        if (absl::Now() >= renew_at()) CancelStream();
      }
    });
    while (!stopped_) {
      const absl::Status ended = Once();
      connected_ = false;
      if (stopped_) return;
      base::LogWarning(
          "not connected to the operator",
          {{"address", config_.address}, {"error", ended.ToString()}});
      if (!clock_.Sleep(backoff.Next(clock_.Now()))) return;
    }
  }

 private:
  absl::Time renew_at() {
    absl::MutexLock lock(&mutex_);
    return context_ == nullptr ? absl::InfiniteFuture() : renew_at_;
  }
  void CancelStream() {
    absl::MutexLock lock(&mutex_);
    if (context_ != nullptr) context_->TryCancel();
  }
  void Cancel() {
    stopped_ = true;
    CancelStream();
  }

  absl::Status Once() {
    const std::string token(base::Strip(ReadSmall(config_.token_file)));
    LANDWAITER_ASSIGN_OR_RETURN(Identity identity,
                                LoadIdentity(kube_, secret_, token));
    if (!identity.enrolled()) {
      LANDWAITER_RETURN_IF_ERROR(Enrol(token, identity));
    }
    return Stay(identity);
  }

  absl::Status Enrol(const std::string& token, Identity& identity) {
    const std::string ca = ReadSmall(config_.ca_file);
    if (token.empty() || ca.empty()) {
      return absl::FailedPreconditionError("there is no token to enrol with");
    }
    v1::EnrolRequest request;
    request.set_cluster(config_.cluster);
    request.set_token(token);
    LANDWAITER_ASSIGN_OR_RETURN(*request.mutable_public_key(),
                                certificates::PublicKeyOfPrivate(identity.key));
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() +
                         std::chrono::seconds(20));
    v1::EnrolResponse response;
    const auto stub =
        v1::ConnectorService::NewStub(NewChannel(config_.address, ca, nullptr));
    LANDWAITER_RETURN_IF_ERROR(base::WithContext(
        FromGrpc(stub->Enrol(&context, request, &response)), "enrolment"));
    identity.certificate = response.certificate();
    identity.ca = response.ca();
    base::LogInfo("enrolled", {{"cluster", config_.cluster}});
    return KeepIdentity(kube_, secret_, identity);
  }

  // One stream, from Hello to its end.
  absl::Status Stay(Identity& identity) {
    const auto stub = v1::ConnectorService::NewStub(
        NewChannel(config_.address, identity.ca, &identity));
    grpc::ClientContext context;
    {
      absl::MutexLock lock(&mutex_);
      context_ = &context;
      renew_at_ = absl::Now() + kStreamLife;
    }
    const std::unique_ptr<Stream> stream = stub->Connect(&context);
    if (stopped_) context.TryCancel();
    v1::ConnectorMessage hello;
    hello.mutable_hello()->set_cluster(config_.cluster);
    hello.mutable_hello()->set_version(kVersion);
    v1::OperatorMessage first;
    if (stream->Write(hello) && stream->Read(&first) && first.has_welcome()) {
      const absl::Status kept = Keep(first.welcome(), identity);
      if (kept.ok()) {
        connected_ = true;
        base::LogInfo("connected", {{"address", config_.address}});
        Serve(*stream);
      }
    }
    context.TryCancel();
    const grpc::Status status = stream->Finish();
    absl::MutexLock lock(&mutex_);
    context_ = nullptr;
    return FromGrpc(status);
  }

  absl::Status Keep(const v1::OperatorMessage::Welcome& welcome,
                    Identity& identity) {
    const bool renewed = !welcome.certificate().empty();
    if (!renewed && welcome.ca() == identity.ca) return absl::OkStatus();
    if (renewed) identity.certificate = welcome.certificate();
    if (!welcome.ca().empty()) identity.ca = welcome.ca();
    base::LogInfo("certificate renewed", {});
    return KeepIdentity(kube_, secret_, identity);
  }

  void Serve(Stream& stream) {
    absl::Mutex write_mutex;
    const auto send = [&](const v1::ConnectorMessage& message) {
      absl::MutexLock lock(&write_mutex);
      return stream.Write(message);
    };
    const auto transport = [this](absl::Duration idle) {
      http::ClientOptions options{.base = cluster_.server,
                                  .tls = cluster_.tls,
                                  .proxy = cluster_.proxy,
                                  .idle_timeout = idle,
                                  .user_agent = "landwaiter-connector"};
      return http::NewClient(std::move(options));
    };
    Executor executor(config_.scan_namespace, transport, cluster_.token, send);
    v1::OperatorMessage message;
    while (stream.Read(&message)) executor.OnMessage(message);
    // What still writes fails, and its thread ends.
    CancelStream();
  }

  const ConnectorConfig& config_;
  const kube::ClusterConfig cluster_;
  kube::KubeClient& kube_;
  base::RealClock& clock_;
  const kube::ObjectKey secret_;
  std::atomic<bool> stopped_ = false;
  std::atomic<bool> connected_ = false;
  absl::Mutex mutex_;
  grpc::ClientContext* context_ ABSL_GUARDED_BY(mutex_) = nullptr;
  absl::Time renew_at_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

absl::Status RunConnector(const ConnectorConfig& config,
                          base::RealClock& clock) {
  LANDWAITER_ASSIGN_OR_RETURN(const kube::ClusterConfig cluster,
                              kube::LoadConfig(config.kubeconfig, "", &clock));
  LANDWAITER_ASSIGN_OR_RETURN(
      const std::unique_ptr<kube::HttpKubeClient> client,
      kube::NewHttpKubeClient(cluster, {}, &clock, std::random_device()()));
  Connector connector(config, cluster, client.get(), &clock);
  LANDWAITER_ASSIGN_OR_RETURN(
      const std::unique_ptr<http::PageServer> pages,
      http::PageServer::Start(config.listen, [&](std::string_view path) {
        if (path == "/healthz" ||
            (path == "/readyz" && connector.connected())) {
          return http::Page{.body = "ok\n"};
        }
        return http::Page{.status = path == "/readyz" ? 503 : 404,
                          .body = "not connected\n"};
      }));
  connector.Run();
  return absl::OkStatus();
}

}  // namespace landwaiter::connector
