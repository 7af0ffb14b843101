#include "operator/analyzer/grpc_control_client.h"

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <optional>
#include <set>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "core/base/failure.h"
#include "core/wire/rpc_status.h"
#include "core/wire/task.h"
#include "core/wire/time.h"
#include "landwaiter/v1/advisories.grpc.pb.h"
#include "landwaiter/v1/control.grpc.pb.h"
#include "operator/analyzer/advisory_messages.h"

namespace landwaiter::control {
namespace {

constexpr int kMaxMessage = 4 << 20;

using Stub = v1::ControlService::Stub;
using AdvisoryStub = v1::AdvisoryService::Stub;

std::shared_ptr<grpc::Channel> NewChannel(
    const GrpcControlOptions& options, const ClientCredentials& credentials) {
  grpc::SslCredentialsOptions tls;
  tls.pem_root_certs = credentials.ca;
  tls.pem_cert_chain = credentials.certificate;
  tls.pem_private_key = credentials.key;
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMaxMessage);
  arguments.SetMaxSendMessageSize(kMaxMessage);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 5'000);
  // Channels of other credentials must not share this one's connection.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  if (!options.server_name.empty()) {
    arguments.SetSslTargetNameOverride(options.server_name);
  }
  return grpc::CreateCustomChannel(options.address, grpc::SslCredentials(tls),
                                   arguments);
}

template <typename Request>
Request OfUid(const model::Tenant& tenant, const std::string& uid) {
  Request request;
  wire::ToProto(tenant, request.mutable_tenant());
  request.set_uid(uid);
  return request;
}

}  // namespace

struct GrpcControlClient::Impl {
  explicit Impl(GrpcControlOptions given) : options(std::move(given)) {}

  const GrpcControlOptions options;
  absl::Mutex mutex;
  ClientCredentials credentials ABSL_GUARDED_BY(mutex);
  std::shared_ptr<Stub> stub ABSL_GUARDED_BY(mutex);
  std::shared_ptr<AdvisoryStub> advisories ABSL_GUARDED_BY(mutex);
  grpc::ClientContext* watch ABSL_GUARDED_BY(mutex) = nullptr;
  std::set<grpc::ClientContext*> calls ABSL_GUARDED_BY(mutex);
  bool stopped ABSL_GUARDED_BY(mutex) = false;

  absl::StatusOr<std::shared_ptr<Stub>> CurrentStub() {
    absl::MutexLock lock(&mutex);
    if (stopped) return absl::CancelledError("the program ends");
    if (stub == nullptr) {
      return absl::UnavailableError(
          "there is no client certificate for the analyzer yet");
    }
    return stub;
  }

  template <typename Request, typename Response>
  absl::Status Call(grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                 const Request&, Response*),
                    const Request& request, Response* response) {
    LANDWAITER_ASSIGN_OR_RETURN(const std::shared_ptr<Stub> current,
                                CurrentStub());
    return CallAt(*current, method, request, response);
  }

  absl::Status Apply(const v1::ApplyAdvisoriesRequest& request,
                     v1::AdvisoriesStatus* response) {
    LANDWAITER_RETURN_IF_ERROR(CurrentStub().status());
    std::shared_ptr<AdvisoryStub> current;
    {
      absl::MutexLock lock(&mutex);
      current = advisories;
    }
    return CallAt(*current, &AdvisoryStub::ApplyAdvisories, request, response);
  }

  template <typename AnyStub, typename Request, typename Response>
  absl::Status CallAt(AnyStub& current,
                      grpc::Status (AnyStub::*method)(grpc::ClientContext*,
                                                      const Request&,
                                                      Response*),
                      const Request& request, Response* response) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() +
                         absl::ToChronoMilliseconds(options.call_deadline));
    if (!BeginCall(&context)) return absl::CancelledError("the program ends");
    const grpc::Status status = (current.*method)(&context, request, response);
    EndCall(&context);
    return wire::FromGrpc(status);
  }

  // Makes `context` one of the calls that Stop ends.
  bool BeginCall(grpc::ClientContext* context) {
    absl::MutexLock lock(&mutex);
    if (!stopped) calls.insert(context);
    return !stopped;
  }
  void EndCall(grpc::ClientContext* context) {
    absl::MutexLock lock(&mutex);
    calls.erase(context);
  }

  // Makes `context` the watch that SetCredentials and Stop end.
  bool BeginWatch(grpc::ClientContext* context,
                  const std::shared_ptr<Stub>& current) {
    absl::MutexLock lock(&mutex);
    if (stopped || stub != current) return false;
    watch = context;
    return true;
  }
  void EndWatch() {
    absl::MutexLock lock(&mutex);
    watch = nullptr;
  }
};

GrpcControlClient::GrpcControlClient(GrpcControlOptions options)
    : impl_(std::make_unique<Impl>(std::move(options))) {}

GrpcControlClient::~GrpcControlClient() = default;

void GrpcControlClient::SetCredentials(const ClientCredentials& credentials) {
  absl::MutexLock lock(&impl_->mutex);
  if (impl_->stub != nullptr && impl_->credentials == credentials) return;
  impl_->credentials = credentials;
  const std::shared_ptr<grpc::Channel> channel =
      NewChannel(impl_->options, credentials);
  impl_->stub = v1::ControlService::NewStub(channel);
  impl_->advisories = v1::AdvisoryService::NewStub(channel);
  if (impl_->watch != nullptr) impl_->watch->TryCancel();
}

void GrpcControlClient::Stop() {
  absl::MutexLock lock(&impl_->mutex);
  impl_->stopped = true;
  for (grpc::ClientContext* call : impl_->calls) call->TryCancel();
  if (impl_->watch != nullptr) impl_->watch->TryCancel();
}

absl::Status GrpcControlClient::ApplyRegistry(
    const model::Tenant& tenant, const model::RegistrySpec& registry) {
  v1::ApplyRegistryRequest request;
  wire::ToProto(tenant, request.mutable_tenant());
  wire::ToProto(registry, request.mutable_registry());
  v1::ApplyRegistryResponse response;
  return impl_->Call(&Stub::ApplyRegistry, request, &response);
}

absl::Status GrpcControlClient::DeleteRegistry(const model::Tenant& tenant,
                                               const std::string& uid) {
  v1::DeleteRegistryResponse response;
  return impl_->Call(&Stub::DeleteRegistry,
                     OfUid<v1::DeleteRegistryRequest>(tenant, uid), &response);
}

absl::StatusOr<model::RegistryStatus> GrpcControlClient::GetRegistry(
    const model::Tenant& tenant, const std::string& uid) {
  v1::RegistryStatus response;
  LANDWAITER_RETURN_IF_ERROR(
      impl_->Call(&Stub::GetRegistry,
                  OfUid<v1::GetRegistryRequest>(tenant, uid), &response));
  return wire::FromProto(response);
}

absl::StatusOr<model::TaskStatus> GrpcControlClient::ApplyTask(
    const model::Tenant& tenant, const model::TaskSpec& task) {
  v1::ApplyTaskRequest request;
  wire::ToProto(tenant, request.mutable_tenant());
  wire::ToProto(task, request.mutable_task());
  v1::TaskStatus response;
  LANDWAITER_RETURN_IF_ERROR(impl_->Call(&Stub::ApplyTask, request, &response));
  return wire::FromProto(response);
}

absl::StatusOr<model::TaskStatus> GrpcControlClient::GetTask(
    const model::Tenant& tenant, const std::string& uid) {
  v1::TaskStatus response;
  LANDWAITER_RETURN_IF_ERROR(impl_->Call(
      &Stub::GetTask, OfUid<v1::GetTaskRequest>(tenant, uid), &response));
  return wire::FromProto(response);
}

absl::Status GrpcControlClient::CancelTask(const model::Tenant& tenant,
                                           const std::string& uid) {
  v1::CancelTaskResponse response;
  return impl_->Call(&Stub::CancelTask,
                     OfUid<v1::CancelTaskRequest>(tenant, uid), &response);
}

absl::Status GrpcControlClient::DeleteTask(const model::Tenant& tenant,
                                           const std::string& uid) {
  v1::DeleteTaskResponse response;
  return impl_->Call(&Stub::DeleteTask,
                     OfUid<v1::DeleteTaskRequest>(tenant, uid), &response);
}

absl::StatusOr<std::vector<model::RegistryWork>> GrpcControlClient::ListWork() {
  v1::ListWorkResponse response;
  LANDWAITER_RETURN_IF_ERROR(
      impl_->Call(&Stub::ListWork, v1::ListWorkRequest(), &response));
  std::vector<model::RegistryWork> work;
  for (const v1::RegistryWork& entry : response.work()) {
    work.push_back(wire::FromProto(entry));
  }
  return work;
}

absl::StatusOr<std::vector<std::string>> GrpcControlClient::ListEgressAddresses(
    const model::Tenant& tenant, const std::string& cluster) {
  v1::ListEgressAddressesRequest request;
  wire::ToProto(tenant, request.mutable_tenant());
  request.set_cluster(cluster);
  v1::ListEgressAddressesResponse response;
  LANDWAITER_RETURN_IF_ERROR(
      impl_->Call(&Stub::ListEgressAddresses, request, &response));
  return std::vector<std::string>(response.addresses().begin(),
                                  response.addresses().end());
}

absl::StatusOr<model::AdvisoriesStatus> GrpcControlClient::ApplyAdvisories(
    const model::AdvisorySettings& settings) {
  v1::AdvisoriesStatus response;
  LANDWAITER_RETURN_IF_ERROR(impl_->Apply(ToProto(settings), &response));
  return FromProto(response);
}

absl::StatusOr<model::AgentToken> GrpcControlClient::IssueAgentToken(
    const model::Tenant& tenant, const std::string& cluster,
    const std::string& registry_uid) {
  v1::IssueAgentTokenRequest request;
  wire::ToProto(tenant, request.mutable_tenant());
  request.set_cluster(cluster);
  request.set_registry_uid(registry_uid);
  v1::AgentToken response;
  LANDWAITER_RETURN_IF_ERROR(
      impl_->Call(&Stub::IssueAgentToken, request, &response));
  return model::AgentToken{response.token(),
                           wire::FromProto(response.expires())};
}

absl::Status GrpcControlClient::WatchChanges(
    absl::FunctionRef<bool(const model::Change&)> on_change) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::shared_ptr<Stub> stub,
                              impl_->CurrentStub());
  grpc::ClientContext context;
  if (!impl_->BeginWatch(&context, stub)) {
    return absl::UnavailableError("the watch was ended before it began");
  }
  auto reader = stub->WatchChanges(&context, v1::WatchChangesRequest());
  v1::Change change;
  while (reader->Read(&change)) {
    if (!on_change(wire::FromProto(change))) context.TryCancel();
  }
  const grpc::Status status = reader->Finish();
  impl_->EndWatch();
  return wire::FromGrpc(status);
}

}  // namespace landwaiter::control
