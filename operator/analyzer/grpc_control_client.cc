#include "operator/analyzer/grpc_control_client.h"

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "core/base/failure.h"
#include "core/wire/task.h"
#include "core/wire/time.h"
#include "landwaiter/v1/control.grpc.pb.h"

namespace landwaiter::control {
namespace {

constexpr int kMaxMessage = 4 << 20;

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                      status.error_message());
}

class GrpcControlClient : public ControlClient {
 public:
  explicit GrpcControlClient(GrpcControlClientOptions options)
      : options_(std::move(options)) {}

  absl::Status ApplyRegistry(const model::Tenant& tenant,
                             const model::RegistrySpec& registry) override {
    v1::ApplyRegistryRequest request;
    wire::ToProto(tenant, request.mutable_tenant());
    wire::ToProto(registry, request.mutable_registry());
    v1::ApplyRegistryResponse response;
    return Call(&Stub::ApplyRegistry, request, response);
  }

  absl::Status DeleteRegistry(const model::Tenant& tenant,
                              const std::string& uid) override {
    v1::DeleteRegistryResponse response;
    return Call(&Stub::DeleteRegistry,
                ByUid<v1::DeleteRegistryRequest>(tenant, uid), response);
  }

  absl::StatusOr<model::RegistryStatus> GetRegistry(
      const model::Tenant& tenant, const std::string& uid) override {
    v1::RegistryStatus response;
    LANDWAITER_RETURN_IF_ERROR(Call(&Stub::GetRegistry,
                                    ByUid<v1::GetRegistryRequest>(tenant, uid),
                                    response));
    return wire::FromProto(response);
  }

  absl::StatusOr<model::TaskStatus> ApplyTask(
      const model::Tenant& tenant, const model::TaskSpec& task) override {
    v1::ApplyTaskRequest request;
    wire::ToProto(tenant, request.mutable_tenant());
    wire::ToProto(task, request.mutable_task());
    v1::TaskStatus response;
    LANDWAITER_RETURN_IF_ERROR(Call(&Stub::ApplyTask, request, response));
    return wire::FromProto(response);
  }

  absl::StatusOr<model::TaskStatus> GetTask(const model::Tenant& tenant,
                                            const std::string& uid) override {
    v1::TaskStatus response;
    LANDWAITER_RETURN_IF_ERROR(
        Call(&Stub::GetTask, ByUid<v1::GetTaskRequest>(tenant, uid), response));
    return wire::FromProto(response);
  }

  absl::Status CancelTask(const model::Tenant& tenant,
                          const std::string& uid) override {
    v1::CancelTaskResponse response;
    return Call(&Stub::CancelTask, ByUid<v1::CancelTaskRequest>(tenant, uid),
                response);
  }

  absl::Status DeleteTask(const model::Tenant& tenant,
                          const std::string& uid) override {
    v1::DeleteTaskResponse response;
    return Call(&Stub::DeleteTask, ByUid<v1::DeleteTaskRequest>(tenant, uid),
                response);
  }

  absl::StatusOr<std::vector<model::RegistryWork>> ListWork() override {
    v1::ListWorkResponse response;
    LANDWAITER_RETURN_IF_ERROR(
        Call(&Stub::ListWork, v1::ListWorkRequest(), response));
    std::vector<model::RegistryWork> work;
    for (const v1::RegistryWork& each : response.work()) {
      work.push_back(wire::FromProto(each));
    }
    return work;
  }

  absl::StatusOr<model::AgentToken> IssueAgentToken(
      const model::Tenant& tenant, const std::string& cluster,
      const std::string& registry_uid) override {
    v1::IssueAgentTokenRequest request;
    wire::ToProto(tenant, request.mutable_tenant());
    request.set_cluster(cluster);
    request.set_registry_uid(registry_uid);
    v1::AgentToken response;
    LANDWAITER_RETURN_IF_ERROR(Call(&Stub::IssueAgentToken, request, response));
    return model::AgentToken{response.token(),
                             wire::FromProto(response.expires())};
  }

  absl::Status WatchChanges(
      absl::FunctionRef<bool(const model::Change&)> on_change) override {
    LANDWAITER_ASSIGN_OR_RETURN(const std::shared_ptr<Stub> stub, Connected());
    grpc::ClientContext context;
    const auto reader = stub->WatchChanges(&context, v1::WatchChangesRequest());
    v1::Change change;
    while (reader->Read(&change)) {
      if (!on_change(wire::FromProto(change))) {
        context.TryCancel();
        reader->Finish();
        return absl::OkStatus();
      }
    }
    return FromGrpc(reader->Finish());
  }

 private:
  using Stub = v1::ControlService::Stub;
  template <typename Request, typename Response>
  using Method = grpc::Status (Stub::*)(grpc::ClientContext*, const Request&,
                                        Response*);

  template <typename Request>
  static Request ByUid(const model::Tenant& tenant, const std::string& uid) {
    Request request;
    wire::ToProto(tenant, request.mutable_tenant());
    request.set_uid(uid);
    return request;
  }

  template <typename Request, typename Response>
  absl::Status Call(Method<Request, Response> method, const Request& request,
                    Response& response) {
    LANDWAITER_ASSIGN_OR_RETURN(const std::shared_ptr<Stub> stub, Connected());
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() +
                         absl::ToChronoMilliseconds(options_.call_deadline));
    return FromGrpc(((*stub).*method)(&context, request, &response));
  }

  // The stub on a channel with the present credentials.
  absl::StatusOr<std::shared_ptr<Stub>> Connected() {
    LANDWAITER_ASSIGN_OR_RETURN(ControlCredentials present,
                                options_.credentials());
    absl::MutexLock lock(&mutex_);
    if (stub_ != nullptr && present == shown_) return stub_;
    grpc::SslCredentialsOptions tls;
    tls.pem_root_certs = present.ca;
    tls.pem_cert_chain = present.certificate;
    tls.pem_private_key = present.key;
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(kMaxMessage);
    arguments.SetMaxSendMessageSize(kMaxMessage);
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    // A restarted analyzer is found again within seconds.
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 5'000);
    if (!options_.server_name.empty()) {
      arguments.SetSslTargetNameOverride(options_.server_name);
    }
    stub_ = v1::ControlService::NewStub(grpc::CreateCustomChannel(
        options_.address, grpc::SslCredentials(tls), arguments));
    shown_ = std::move(present);
    return stub_;
  }

  const GrpcControlClientOptions options_;
  absl::Mutex mutex_;
  ControlCredentials shown_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<Stub> stub_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

absl::StatusOr<std::unique_ptr<ControlClient>> NewGrpcControlClient(
    GrpcControlClientOptions options) {
  if (options.address.empty()) {
    return absl::InvalidArgumentError("the analyzer's address is empty");
  }
  if (!options.credentials) {
    return absl::InvalidArgumentError("the operator has no credentials");
  }
  return std::make_unique<GrpcControlClient>(std::move(options));
}

}  // namespace landwaiter::control
