#ifndef LANDWAITER_OPERATOR_ANALYZER_GRPC_CONTROL_CLIENT_H_
#define LANDWAITER_OPERATOR_ANALYZER_GRPC_CONTROL_CLIENT_H_

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "operator/analyzer/advisory_client.h"
#include "operator/analyzer/control_client.h"

namespace landwaiter::control {

struct GrpcControlOptions {
  std::string address;      // "landwaiter-analyzer.landwaiter.svc:8443"
  std::string server_name;  // to present and verify; empty: the address's host
  absl::Duration call_deadline = absl::Seconds(20);
};

// PEM. The key is secret.
struct ClientCredentials {
  std::string ca;           // who signed the analyzer's certificate
  std::string certificate;  // ours
  std::string key;
  friend bool operator==(const ClientCredentials&,
                         const ClientCredentials&) = default;
};

// The analyzer over gRPC on TLS with a client certificate. Until it has
// credentials every call is UNAVAILABLE. Thread-safe.
class GrpcControlClient : public ControlClient, public AdvisoryClient {
 public:
  explicit GrpcControlClient(GrpcControlOptions options);
  ~GrpcControlClient() override;

  // Later calls use these; a watch that is under way ends, so that its owner
  // begins another.
  void SetCredentials(const ClientCredentials& credentials);
  // Ends the watch and all calls that are under way, and makes every later one
  // CANCELLED.
  void Stop();

  absl::Status ApplyRegistry(const model::Tenant& tenant,
                             const model::RegistrySpec& registry) override;
  absl::Status DeleteRegistry(const model::Tenant& tenant,
                              const std::string& uid) override;
  absl::StatusOr<model::RegistryStatus> GetRegistry(
      const model::Tenant& tenant, const std::string& uid) override;
  absl::StatusOr<model::TaskStatus> ApplyTask(
      const model::Tenant& tenant, const model::TaskSpec& task) override;
  absl::StatusOr<model::TaskStatus> GetTask(const model::Tenant& tenant,
                                            const std::string& uid) override;
  absl::Status CancelTask(const model::Tenant& tenant,
                          const std::string& uid) override;
  absl::Status DeleteTask(const model::Tenant& tenant,
                          const std::string& uid) override;
  absl::StatusOr<std::vector<model::RegistryWork>> ListWork() override;
  absl::StatusOr<std::vector<std::string>> ListEgressAddresses(
      const model::Tenant& tenant, const std::string& cluster) override;
  absl::StatusOr<model::AgentToken> IssueAgentToken(
      const model::Tenant& tenant, const std::string& cluster,
      const std::string& registry_uid) override;
  absl::StatusOr<model::AdvisoriesStatus> ApplyAdvisories(
      const model::AdvisorySettings& settings) override;
  absl::Status WatchChanges(
      absl::FunctionRef<bool(const model::Change&)> on_change) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace landwaiter::control

#endif  // LANDWAITER_OPERATOR_ANALYZER_GRPC_CONTROL_CLIENT_H_
