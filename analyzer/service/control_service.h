#ifndef LANDWAITER_ANALYZER_SERVICE_CONTROL_SERVICE_H_
#define LANDWAITER_ANALYZER_SERVICE_CONTROL_SERVICE_H_

#include <atomic>
#include <string>
#include <vector>

#include "analyzer/queue/change_feed.h"
#include "analyzer/queue/task_control.h"
#include "analyzer/service/call_log.h"
#include "analyzer/service/egress_addresses.h"
#include "analyzer/tokens/token_authority.h"
#include "landwaiter/v1/control.grpc.pb.h"

namespace landwaiter::analyzer::service {

// TaskControl over gRPC, for callers whose client certificate carries one of
// the given names (a DNS name among its subject alternative names, or its
// common name). All it refers to outlives it. Thread-safe.
class ControlServiceImpl : public v1::ControlService::Service {
 public:
  // Each watcher holds a thread of the server.
  static constexpr int kMaxWatchers = 8;

  ControlServiceImpl(queue::TaskControl& control, queue::ChangeFeed& feed,
                     tokens::TokenAuthority& tokens, CallLog& calls,
                     EgressAddresses& egress,
                     std::vector<std::string> client_names)
      : control_(control),
        feed_(feed),
        tokens_(tokens),
        calls_(calls),
        egress_(egress),
        client_names_(std::move(client_names)) {}

  // Ends the watches, now and for ever.
  void Stop() { stopped_ = true; }

  grpc::Status ApplyRegistry(grpc::ServerContext* context,
                             const v1::ApplyRegistryRequest* request,
                             v1::ApplyRegistryResponse* response) override;
  grpc::Status DeleteRegistry(grpc::ServerContext* context,
                              const v1::DeleteRegistryRequest* request,
                              v1::DeleteRegistryResponse* response) override;
  grpc::Status GetRegistry(grpc::ServerContext* context,
                           const v1::GetRegistryRequest* request,
                           v1::RegistryStatus* response) override;
  grpc::Status ApplyTask(grpc::ServerContext* context,
                         const v1::ApplyTaskRequest* request,
                         v1::TaskStatus* response) override;
  grpc::Status GetTask(grpc::ServerContext* context,
                       const v1::GetTaskRequest* request,
                       v1::TaskStatus* response) override;
  grpc::Status CancelTask(grpc::ServerContext* context,
                          const v1::CancelTaskRequest* request,
                          v1::CancelTaskResponse* response) override;
  grpc::Status DeleteTask(grpc::ServerContext* context,
                          const v1::DeleteTaskRequest* request,
                          v1::DeleteTaskResponse* response) override;
  grpc::Status ListWork(grpc::ServerContext* context,
                        const v1::ListWorkRequest* request,
                        v1::ListWorkResponse* response) override;
  grpc::Status IssueAgentToken(grpc::ServerContext* context,
                               const v1::IssueAgentTokenRequest* request,
                               v1::AgentToken* response) override;
  grpc::Status ListEgressAddresses(
      grpc::ServerContext* context,
      const v1::ListEgressAddressesRequest* request,
      v1::ListEgressAddressesResponse* response) override;
  grpc::Status WatchChanges(grpc::ServerContext* context,
                            const v1::WatchChangesRequest* request,
                            grpc::ServerWriter<v1::Change>* writer) override;
  grpc::Status ListFindings(grpc::ServerContext* context,
                            const v1::ListFindingsRequest* request,
                            v1::ListFindingsResponse* response) override;

 private:
  // Runs `call` for a caller that may.
  template <typename Call>
  grpc::Status Answer(std::string_view method,
                      const grpc::ServerContext& context, Call call);

  queue::TaskControl& control_;
  queue::ChangeFeed& feed_;
  tokens::TokenAuthority& tokens_;
  CallLog& calls_;
  EgressAddresses& egress_;
  const std::vector<std::string> client_names_;
  std::atomic<bool> stopped_ = false;
  std::atomic<int> watchers_ = 0;
};

}  // namespace landwaiter::analyzer::service

#endif  // LANDWAITER_ANALYZER_SERVICE_CONTROL_SERVICE_H_
