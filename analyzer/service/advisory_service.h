#ifndef LANDWAITER_ANALYZER_SERVICE_ADVISORY_SERVICE_H_
#define LANDWAITER_ANALYZER_SERVICE_ADVISORY_SERVICE_H_

#include <string>
#include <utility>
#include <vector>

#include "analyzer/service/advisory_desk.h"
#include "analyzer/service/call_log.h"
#include "landwaiter/v1/advisories.grpc.pb.h"

namespace landwaiter::analyzer::service {

// AdvisoryDesk over gRPC, for the same callers as ControlServiceImpl. All it
// refers to outlives it. Thread-safe.
class AdvisoryServiceImpl : public v1::AdvisoryService::Service {
 public:
  AdvisoryServiceImpl(AdvisoryDesk& desk, CallLog& calls,
                      std::vector<std::string> client_names)
      : desk_(desk), calls_(calls), client_names_(std::move(client_names)) {}

  grpc::Status ApplyAdvisories(grpc::ServerContext* context,
                               const v1::ApplyAdvisoriesRequest* request,
                               v1::AdvisoriesStatus* response) override;
  grpc::Status GetAdvisories(grpc::ServerContext* context,
                             const v1::GetAdvisoriesRequest* request,
                             v1::AdvisoriesStatus* response) override;
  grpc::Status QueryImages(grpc::ServerContext* context,
                           const v1::QueryImagesRequest* request,
                           v1::QueryImagesResponse* response) override;

 private:
  template <typename Call>
  grpc::Status Answer(std::string_view method,
                      const grpc::ServerContext& context, Call call);

  AdvisoryDesk& desk_;
  CallLog& calls_;
  const std::vector<std::string> client_names_;
};

}  // namespace landwaiter::analyzer::service

#endif  // LANDWAITER_ANALYZER_SERVICE_ADVISORY_SERVICE_H_
