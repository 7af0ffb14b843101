#include "operator/connector/server.h"

#include <grpcpp/grpcpp.h>
#include <grpcpp/resource_quota.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <thread>
#include <utility>

#include "core/base/failure.h"
#include "core/base/log.h"
#include "core/base/strings.h"
#include "landwaiter/v1/connector.grpc.pb.h"

namespace landwaiter::connector {
namespace {

using Stream =
    grpc::ServerReaderWriter<v1::OperatorMessage, v1::ConnectorMessage>;

constexpr int kMaxMessage = 4 << 20;
constexpr size_t kMaxQueued = size_t{16} << 20;

grpc::Status ToGrpc(const absl::Status& status) {
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()),
                      std::string(status.message()));
}

std::string PeerCertificate(const grpc::ServerContext& context) {
  const auto peer = context.auth_context();
  if (peer == nullptr || !peer->IsPeerAuthenticated()) return "";
  const auto pem = peer->FindPropertyValues("x509_pem_cert");
  return pem.empty() ? "" : std::string(pem[0].data(), pem[0].size());
}

// What waits to be written to a stream, and the thread that writes it, so that
// whoever sends does not wait for a slow connector.
class Outbox {
 public:
  explicit Outbox(Stream* stream)
      : stream_(stream), writer_([this] { Write(); }) {}
  ~Outbox() {
    {
      absl::MutexLock lock(&mutex_);
      closed_ = true;
      changed_.Signal();
    }
    writer_.join();
  }

  bool Push(v1::OperatorMessage message) {
    const size_t size = message.ByteSizeLong();
    absl::MutexLock lock(&mutex_);
    if (closed_ || queued_ + size > kMaxQueued) return false;
    queued_ += size;
    messages_.push_back(std::move(message));
    changed_.Signal();
    return true;
  }

 private:
  void Write() {
    while (true) {
      v1::OperatorMessage message;
      {
        absl::MutexLock lock(&mutex_);
        while (messages_.empty() && !closed_) changed_.Wait(&mutex_);
        if (closed_) return;
        message = std::move(messages_.front());
        messages_.pop_front();
        queued_ -= message.ByteSizeLong();
      }
      if (stream_->Write(message)) continue;
      absl::MutexLock lock(&mutex_);
      closed_ = true;
      return;
    }
  }

  Stream* const stream_;
  absl::Mutex mutex_;
  absl::CondVar changed_;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  size_t queued_ ABSL_GUARDED_BY(mutex_) = 0;
  std::deque<v1::OperatorMessage> messages_ ABSL_GUARDED_BY(mutex_);
  std::thread writer_;
};

class Service : public v1::ConnectorService::Service {
 public:
  Service(Enrolment* enrolment, TunnelHub* hub)
      : enrolment_(enrolment), hub_(hub) {}

  grpc::Status Enrol(grpc::ServerContext*, const v1::EnrolRequest* request,
                     v1::EnrolResponse* response) override {
    const auto issued = enrolment_->Enrol(request->cluster(), request->token(),
                                          request->public_key());
    if (!issued.ok()) {
      base::LogWarning("enrolment refused",
                       {{"cluster", request->cluster().substr(0, 64)},
                        {"error", std::string(issued.status().message())}});
      return ToGrpc(issued.status());
    }
    response->set_certificate(issued->certificate);
    response->set_ca(issued->ca);
    return grpc::Status::OK;
  }

  grpc::Status Connect(grpc::ServerContext* context, Stream* stream) override {
    if (++streams_ > ConnectorServer::kMaxStreams) {
      --streams_;
      return grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED,
                          "too many connectors");
    }
    const absl::Status status = Serve(*context, *stream);
    --streams_;
    return ToGrpc(status);
  }

 private:
  absl::Status Serve(grpc::ServerContext& context, Stream& stream) {
    const std::string certificate = PeerCertificate(context);
    if (certificate.empty()) {
      return absl::UnauthenticatedError("a client certificate is needed");
    }
    v1::ConnectorMessage message;
    if (!stream.Read(&message) || !message.has_hello()) {
      return absl::InvalidArgumentError("the first message is no Hello");
    }
    const std::string uid = message.hello().cluster();
    LANDWAITER_ASSIGN_OR_RETURN(const ConnectorCertificate admitted,
                                enrolment_->Admit(uid, certificate));
    base::LogInfo("connector connected",
                  {{"cluster", uid},
                   {"version", message.hello().version().substr(0, 32)}});
    Outbox outbox(&stream);
    v1::OperatorMessage welcome;
    welcome.mutable_welcome()->set_certificate(admitted.certificate);
    welcome.mutable_welcome()->set_ca(admitted.ca);
    outbox.Push(std::move(welcome));
    auto tunnel =
        std::make_shared<Tunnel>([&outbox, &context](v1::OperatorMessage out) {
          if (outbox.Push(std::move(out))) return true;
          context.TryCancel();
          return false;
        });
    hub_->Attach(uid, {tunnel, [&context] { context.TryCancel(); }});
    absl::Status status;
    while (status.ok() && stream.Read(&message)) {
      status = tunnel->OnMessage(std::move(message));
      message.Clear();
    }
    hub_->Detach(uid, tunnel.get());
    // Waits for whoever is sending at this moment, and takes no more.
    tunnel->Close();
    base::LogInfo("connector gone",
                  {{"cluster", uid}, {"error", status.ToString()}});
    return status.ok() ? absl::AbortedError("the stream has ended") : status;
  }

  Enrolment* const enrolment_;
  TunnelHub* const hub_;
  std::atomic<int> streams_ = 0;
};

class GrpcConnectorServer : public ConnectorServer {
 public:
  GrpcConnectorServer(Enrolment* enrolment, TunnelHub* hub)
      : service_(enrolment, hub) {}
  ~GrpcConnectorServer() override {
    if (server_ == nullptr) return;
    server_->Shutdown(std::chrono::system_clock::now() +
                      std::chrono::seconds(1));
    server_->Wait();
  }

  absl::Status Listen(const std::string& listen,
                      const certificates::KeyPair& identity,
                      const std::string& ca) {
    grpc::SslServerCredentialsOptions tls(
        GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY);
    tls.pem_root_certs = ca;
    tls.pem_key_cert_pairs.push_back({identity.key, identity.certificate});
    grpc::ServerBuilder builder;
    builder.AddListeningPort(listen, grpc::SslServerCredentials(tls), &port_);
    builder.SetMaxReceiveMessageSize(kMaxMessage);
    builder.SetMaxSendMessageSize(kMaxMessage);
    // What is compressed may be small on the wire and large in memory.
    builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
    builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
    grpc::ResourceQuota quota("connectors");
    quota.SetMaxThreads(kMaxStreams + 32);
    builder.SetResourceQuota(quota);
    builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, 16 << 10);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, 8);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 15'000);
    builder.AddChannelArgument(
        GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10'000);
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    if (server_ == nullptr || port_ == 0) {
      return absl::UnavailableError(
          base::StrCat("cannot listen on ", listen, " for connectors"));
    }
    return absl::OkStatus();
  }

  int port() const override { return port_; }

 private:
  Service service_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<ConnectorServer>> ConnectorServer::Start(
    const std::string& listen, const certificates::KeyPair& identity,
    const std::string& ca, Enrolment* enrolment, TunnelHub* hub) {
  auto server = std::make_unique<GrpcConnectorServer>(enrolment, hub);
  LANDWAITER_RETURN_IF_ERROR(server->Listen(listen, identity, ca));
  return server;
}

}  // namespace landwaiter::connector
