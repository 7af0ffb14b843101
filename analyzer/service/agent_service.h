#ifndef LANDWAITER_ANALYZER_SERVICE_AGENT_SERVICE_H_
#define LANDWAITER_ANALYZER_SERVICE_AGENT_SERVICE_H_

#include <string>

#include "absl/status/statusor.h"
#include "analyzer/queue/work_queue.h"
#include "analyzer/service/call_log.h"
#include "analyzer/service/egress_addresses.h"
#include "analyzer/service/upload_budget.h"
#include "analyzer/tokens/token_authority.h"
#include "landwaiter/v1/work.grpc.pb.h"

namespace landwaiter::analyzer::service {

// WorkQueue over gRPC: checks the bearer token, converts, and asks the queue;
// notes where its callers come from.
// All it refers to outlives it. Thread-safe.
class AgentServiceImpl : public v1::AgentService::Service {
 public:
  AgentServiceImpl(queue::WorkQueue& queue, tokens::TokenAuthority& tokens,
                   base::Clock& clock, UploadBudget& uploads, CallLog& calls,
                   EgressAddresses& egress)
      : queue_(queue),
        tokens_(tokens),
        clock_(clock),
        uploads_(uploads),
        calls_(calls),
        egress_(egress) {}

  grpc::Status Lease(grpc::ServerContext* context,
                     const v1::LeaseRequest* request,
                     v1::LeaseResponse* response) override;
  grpc::Status Heartbeat(grpc::ServerContext* context,
                         const v1::HeartbeatRequest* request,
                         v1::HeartbeatResponse* response) override;
  grpc::Status SubmitListing(grpc::ServerContext* context,
                             const v1::SubmitListingRequest* request,
                             v1::SubmitListingResponse* response) override;
  grpc::Status PlanImage(grpc::ServerContext* context,
                         const v1::PlanImageRequest* request,
                         v1::PlanImageResponse* response) override;
  grpc::Status SubmitLayer(grpc::ServerContext* context,
                           grpc::ServerReader<v1::SubmitLayerRequest>* reader,
                           v1::SubmitLayerResponse* response) override;
  grpc::Status Complete(grpc::ServerContext* context,
                        const v1::CompleteRequest* request,
                        v1::CompleteResponse* response) override;

 private:
  using Verified = tokens::TokenAuthority::Verified;

  absl::StatusOr<Verified> Authenticate(const grpc::ServerContext& context);
  absl::Status Beat(const Verified& caller, const v1::HeartbeatRequest& request,
                    v1::HeartbeatResponse& response);
  absl::Status Receive(const Verified& caller,
                       grpc::ServerReader<v1::SubmitLayerRequest>& reader);
  grpc::Status Finish(std::string_view method, const absl::Status& status);

  queue::WorkQueue& queue_;
  tokens::TokenAuthority& tokens_;
  base::Clock& clock_;
  UploadBudget& uploads_;
  CallLog& calls_;
  EgressAddresses& egress_;
};

}  // namespace landwaiter::analyzer::service

#endif  // LANDWAITER_ANALYZER_SERVICE_AGENT_SERVICE_H_
