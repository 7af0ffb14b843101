#include "analyzer/service/agent_service.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "analyzer/service/rpc_status.h"
#include "core/base/failure.h"
#include "core/base/hash.h"
#include "core/base/strings.h"
#include "core/wire/layer_report.h"
#include "core/wire/time.h"
#include "core/wire/work.h"

namespace landwaiter::analyzer::service {
namespace {

constexpr std::string_view kScheme = "Bearer ";
constexpr size_t kMaxChunk = size_t{1} << 20;

absl::Status CheckHeader(const v1::SubmitLayerRequest::Header& header) {
  if (header.size() > wire::kMaxLayerReportBytes) {
    return absl::ResourceExhaustedError(
        base::StrCat("header.size: a report may have ",
                     wire::kMaxLayerReportBytes, " bytes at most"));
  }
  return absl::OkStatus();
}

absl::Status CheckReport(const v1::SubmitLayerRequest::Header& header,
                         const std::string& bytes) {
  if (bytes.size() != header.size() ||
      base::Sha256Hex(bytes) != header.sha256()) {
    return absl::InvalidArgumentError(
        "the chunks are not what the header announced");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<AgentServiceImpl::Verified> AgentServiceImpl::Authenticate(
    const grpc::ServerContext& context) {
  const auto& metadata = context.client_metadata();
  const auto found = metadata.find("authorization");
  if (found == metadata.end() || metadata.count("authorization") != 1) {
    return absl::UnauthenticatedError("a bearer token is needed");
  }
  std::string_view value(found->second.data(), found->second.size());
  if (!value.starts_with(kScheme)) {
    return absl::UnauthenticatedError("a bearer token is needed");
  }
  value.remove_prefix(kScheme.size());
  LANDWAITER_ASSIGN_OR_RETURN(Verified caller, tokens_.Verify(value));
  egress_.Note(caller.identity.tenant, caller.identity.cluster, context.peer());
  return caller;
}

grpc::Status AgentServiceImpl::Finish(std::string_view method,
                                      const absl::Status& status) {
  calls_.Record(method, status);
  return ToGrpc(status);
}

grpc::Status AgentServiceImpl::Lease(grpc::ServerContext* context,
                                     const v1::LeaseRequest* request,
                                     v1::LeaseResponse* response) {
  return Finish("Lease", [&]() -> absl::Status {
    LANDWAITER_ASSIGN_OR_RETURN(const Verified caller, Authenticate(*context));
    queue::LeaseRequest wanted{.max_items = request->max_items(),
                               .report_version = request->report_version()};
    for (const int kind : request->kinds()) {
      wanted.kinds.push_back(wire::FromProto(static_cast<v1::WorkKind>(kind)));
    }
    LANDWAITER_ASSIGN_OR_RETURN(const model::LeaseReply reply,
                                queue_.Lease(caller.identity, wanted));
    wire::ToProto(reply, response);
    return absl::OkStatus();
  }());
}

grpc::Status AgentServiceImpl::Heartbeat(grpc::ServerContext* context,
                                         const v1::HeartbeatRequest* request,
                                         v1::HeartbeatResponse* response) {
  return Finish("Heartbeat", [&]() -> absl::Status {
    LANDWAITER_ASSIGN_OR_RETURN(const Verified caller, Authenticate(*context));
    return Beat(caller, *request, *response);
  }());
}

absl::Status AgentServiceImpl::Beat(const Verified& caller,
                                    const v1::HeartbeatRequest& request,
                                    v1::HeartbeatResponse& response) {
  std::vector<model::LeaseRef> leases;
  for (const v1::LeaseRef& lease : request.leases()) {
    leases.push_back(wire::FromProto(lease));
  }
  LANDWAITER_ASSIGN_OR_RETURN(model::HeartbeatReply reply,
                              queue_.Heartbeat(caller.identity, leases));
  // Only who still holds something gets a later token, once a third of the
  // present one's time is over.
  const absl::Duration left = caller.expires - clock_.Now();
  if (reply.lost.size() < leases.size() &&
      left < tokens_.options().lifetime * 2 / 3) {
    LANDWAITER_ASSIGN_OR_RETURN(const model::AgentToken token,
                                tokens_.Renew(caller.identity));
    reply.renewed_token = token.token;
  }
  wire::ToProto(reply, &response);
  return absl::OkStatus();
}

grpc::Status AgentServiceImpl::SubmitListing(
    grpc::ServerContext* context, const v1::SubmitListingRequest* request,
    v1::SubmitListingResponse* response) {
  return Finish("SubmitListing", [&]() -> absl::Status {
    LANDWAITER_ASSIGN_OR_RETURN(const Verified caller, Authenticate(*context));
    LANDWAITER_ASSIGN_OR_RETURN(const model::ListingPage page,
                                wire::FromProto(*request));
    LANDWAITER_ASSIGN_OR_RETURN(
        const model::ListingReply reply,
        queue_.SubmitListing(caller.identity, wire::FromProto(request->lease()),
                             page));
    wire::ToProto(reply, response);
    return absl::OkStatus();
  }());
}

grpc::Status AgentServiceImpl::PlanImage(grpc::ServerContext* context,
                                         const v1::PlanImageRequest* request,
                                         v1::PlanImageResponse* response) {
  return Finish("PlanImage", [&]() -> absl::Status {
    LANDWAITER_ASSIGN_OR_RETURN(const Verified caller, Authenticate(*context));
    LANDWAITER_ASSIGN_OR_RETURN(const model::ImageFacts facts,
                                wire::FromProto(*request));
    LANDWAITER_ASSIGN_OR_RETURN(
        const model::ImagePlan plan,
        queue_.PlanImage(caller.identity, wire::FromProto(request->lease()),
                         facts));
    wire::ToProto(plan, response);
    return absl::OkStatus();
  }());
}

grpc::Status AgentServiceImpl::SubmitLayer(
    grpc::ServerContext* context,
    grpc::ServerReader<v1::SubmitLayerRequest>* reader,
    v1::SubmitLayerResponse*) {
  return Finish("SubmitLayer", [&]() -> absl::Status {
    LANDWAITER_ASSIGN_OR_RETURN(const Verified caller, Authenticate(*context));
    return Receive(caller, *reader);
  }());
}

absl::Status AgentServiceImpl::Receive(
    const Verified& caller,
    grpc::ServerReader<v1::SubmitLayerRequest>& reader) {
  v1::SubmitLayerRequest message;
  if (!reader.Read(&message) || !message.has_header()) {
    return absl::InvalidArgumentError("the first message has no header");
  }
  const v1::SubmitLayerRequest::Header header = message.header();
  const model::LeaseRef lease = wire::FromProto(header.lease());
  LANDWAITER_RETURN_IF_ERROR(CheckHeader(header));
  // Nobody's bytes are taken in who holds no lease.
  LANDWAITER_RETURN_IF_ERROR(queue_.CheckLeased(caller.identity, lease));
  const std::optional<UploadBudget::Share> share = uploads_.Take(header.size());
  if (!share) {
    return absl::UnavailableError("too many reports at once; try again");
  }
  std::string bytes;
  do {
    if (message.chunk().size() > kMaxChunk ||
        bytes.size() + message.chunk().size() > header.size()) {
      return absl::InvalidArgumentError("the chunks are larger than announced");
    }
    bytes += message.chunk();
  } while (reader.Read(&message));
  LANDWAITER_RETURN_IF_ERROR(CheckReport(header, bytes));
  LANDWAITER_ASSIGN_OR_RETURN(const model::LayerReport report,
                              wire::ParseLayerReport(bytes));
  if (report.blob_digest.text() != header.blob_digest()) {
    return absl::InvalidArgumentError("blob_digest: is not the report's");
  }
  return queue_.SubmitLayer(caller.identity, lease, report);
}

grpc::Status AgentServiceImpl::Complete(grpc::ServerContext* context,
                                        const v1::CompleteRequest* request,
                                        v1::CompleteResponse*) {
  return Finish("Complete", [&]() -> absl::Status {
    LANDWAITER_ASSIGN_OR_RETURN(const Verified caller, Authenticate(*context));
    model::Outcome outcome;
    if (request->has_failure()) {
      outcome.failure = wire::FromProto(request->failure());
    }
    return queue_.Complete(caller.identity, wire::FromProto(request->lease()),
                           outcome);
  }());
}

}  // namespace landwaiter::analyzer::service
