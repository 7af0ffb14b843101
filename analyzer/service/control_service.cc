#include "analyzer/service/control_service.h"

#include <grpcpp/grpcpp.h>

#include <memory>
#include <optional>
#include <utility>

#include "analyzer/service/controllers.h"
#include "analyzer/service/rpc_status.h"
#include "core/base/failure.h"
#include "core/wire/task.h"
#include "core/wire/time.h"

namespace landwaiter::analyzer::service {
namespace {

// How soon a watch notices that its caller has gone.
constexpr absl::Duration kWatchPoll = absl::Milliseconds(500);

}  // namespace

template <typename Call>
grpc::Status ControlServiceImpl::Answer(std::string_view method,
                                        const grpc::ServerContext& context,
                                        Call call) {
  absl::Status status = CheckController(context, client_names_);
  if (status.ok()) status = call();
  calls_.Record(method, status);
  return ToGrpc(status);
}

grpc::Status ControlServiceImpl::ApplyRegistry(
    grpc::ServerContext* context, const v1::ApplyRegistryRequest* request,
    v1::ApplyRegistryResponse*) {
  return Answer("ApplyRegistry", *context, [&] {
    return control_.ApplyRegistry(wire::FromProto(request->tenant()),
                                  wire::FromProto(request->registry()));
  });
}

grpc::Status ControlServiceImpl::DeleteRegistry(
    grpc::ServerContext* context, const v1::DeleteRegistryRequest* request,
    v1::DeleteRegistryResponse*) {
  return Answer("DeleteRegistry", *context, [&] {
    return control_.DeleteRegistry(wire::FromProto(request->tenant()),
                                   request->uid());
  });
}

grpc::Status ControlServiceImpl::GetRegistry(
    grpc::ServerContext* context, const v1::GetRegistryRequest* request,
    v1::RegistryStatus* response) {
  return Answer("GetRegistry", *context, [&]() -> absl::Status {
    LANDWAITER_ASSIGN_OR_RETURN(
        const model::RegistryStatus status,
        control_.GetRegistry(wire::FromProto(request->tenant()),
                             request->uid()));
    wire::ToProto(status, response);
    return absl::OkStatus();
  });
}

grpc::Status ControlServiceImpl::ApplyTask(grpc::ServerContext* context,
                                           const v1::ApplyTaskRequest* request,
                                           v1::TaskStatus* response) {
  return Answer("ApplyTask", *context, [&]() -> absl::Status {
    LANDWAITER_ASSIGN_OR_RETURN(
        const model::TaskStatus status,
        control_.ApplyTask(wire::FromProto(request->tenant()),
                           wire::FromProto(request->task())));
    wire::ToProto(status, response);
    return absl::OkStatus();
  });
}

grpc::Status ControlServiceImpl::GetTask(grpc::ServerContext* context,
                                         const v1::GetTaskRequest* request,
                                         v1::TaskStatus* response) {
  return Answer("GetTask", *context, [&]() -> absl::Status {
    LANDWAITER_ASSIGN_OR_RETURN(
        const model::TaskStatus status,
        control_.GetTask(wire::FromProto(request->tenant()), request->uid()));
    wire::ToProto(status, response);
    return absl::OkStatus();
  });
}

grpc::Status ControlServiceImpl::CancelTask(
    grpc::ServerContext* context, const v1::CancelTaskRequest* request,
    v1::CancelTaskResponse*) {
  return Answer("CancelTask", *context, [&] {
    return control_.CancelTask(wire::FromProto(request->tenant()),
                               request->uid());
  });
}

grpc::Status ControlServiceImpl::DeleteTask(
    grpc::ServerContext* context, const v1::DeleteTaskRequest* request,
    v1::DeleteTaskResponse*) {
  return Answer("DeleteTask", *context, [&] {
    return control_.DeleteTask(wire::FromProto(request->tenant()),
                               request->uid());
  });
}

grpc::Status ControlServiceImpl::ListWork(grpc::ServerContext* context,
                                          const v1::ListWorkRequest*,
                                          v1::ListWorkResponse* response) {
  return Answer("ListWork", *context, [&]() -> absl::Status {
    LANDWAITER_ASSIGN_OR_RETURN(const std::vector<model::RegistryWork> work,
                                control_.ListWork());
    for (const model::RegistryWork& registry : work) {
      wire::ToProto(registry, response->add_work());
    }
    return absl::OkStatus();
  });
}

grpc::Status ControlServiceImpl::IssueAgentToken(
    grpc::ServerContext* context, const v1::IssueAgentTokenRequest* request,
    v1::AgentToken* response) {
  return Answer("IssueAgentToken", *context, [&]() -> absl::Status {
    const model::Tenant tenant = wire::FromProto(request->tenant());
    // NOT_FOUND for a registry that is not known.
    LANDWAITER_RETURN_IF_ERROR(
        control_.GetRegistry(tenant, request->registry_uid()).status());
    LANDWAITER_ASSIGN_OR_RETURN(
        const model::AgentToken token,
        tokens_.Issue({.tenant = tenant,
                       .cluster = request->cluster(),
                       .registry_uid = request->registry_uid(),
                       .token_id = ""}));
    response->set_token(token.token);
    *response->mutable_expires() = wire::ToProto(token.expires);
    return absl::OkStatus();
  });
}

grpc::Status ControlServiceImpl::ListEgressAddresses(
    grpc::ServerContext* context, const v1::ListEgressAddressesRequest* request,
    v1::ListEgressAddressesResponse* response) {
  return Answer("ListEgressAddresses", *context, [&] {
    for (std::string& address :
         egress_.List(wire::FromProto(request->tenant()), request->cluster())) {
      response->add_addresses(std::move(address));
    }
    return absl::OkStatus();
  });
}

grpc::Status ControlServiceImpl::WatchChanges(
    grpc::ServerContext* context, const v1::WatchChangesRequest*,
    grpc::ServerWriter<v1::Change>* writer) {
  return Answer("WatchChanges", *context, [&]() -> absl::Status {
    if (++watchers_ > kMaxWatchers) {
      --watchers_;
      return absl::ResourceExhaustedError("too many watchers");
    }
    const auto subscription = feed_.Subscribe();
    bool open = true;
    while (open && !stopped_ && !context->IsCancelled()) {
      const std::optional<model::Change> change =
          subscription->Next(kWatchPoll);
      if (!change) continue;
      v1::Change message;
      wire::ToProto(*change, &message);
      open = writer->Write(message);
    }
    --watchers_;
    return stopped_ ? absl::UnavailableError("the analyzer is shutting down")
                    : absl::OkStatus();
  });
}

grpc::Status ControlServiceImpl::ListFindings(
    grpc::ServerContext* context, const v1::ListFindingsRequest* request,
    v1::ListFindingsResponse* response) {
  return Answer("ListFindings", *context, [&]() -> absl::Status {
    LANDWAITER_ASSIGN_OR_RETURN(
        const queue::FindingsPage page,
        control_.ListFindings(wire::FromProto(request->tenant()),
                              {.registry_uid = request->registry_uid(),
                               .repository = request->repository(),
                               .digest = request->digest(),
                               .page_size = request->page_size(),
                               .page_token = request->page_token()}));
    for (const store::ImageFinding& entry : page.findings) {
      v1::ImageFinding* added = response->add_findings();
      added->set_repository(entry.repository);
      added->set_digest(entry.digest.text());
      wire::ToProto(entry.finding, added->mutable_finding());
    }
    response->set_next_page_token(page.next_page_token);
    return absl::OkStatus();
  });
}

}  // namespace landwaiter::analyzer::service
