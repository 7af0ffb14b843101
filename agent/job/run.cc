#include "agent/job/run.h"

#include <nlohmann/json.hpp>
#include <thread>
#include <utility>

#include "agent/job/job_config.h"
#include "agent/job/result.h"
#include "agent/job/uploaded_component.h"
#include "agent/pipeline/scan_pod.h"
#include "agent/registry/catalog.h"
#include "agent/submit/grpc_work_client.h"
#include "core/base/failure.h"
#include "core/base/log.h"
#include "core/base/strings.h"
#include "core/base/version.h"
#include "core/model/layer_report.h"

namespace landwaiter::agent::job {
namespace {

nlohmann::json Verify(registry::Registry& registry, const JobConfig& config) {
  const auto verification = registry.Verify();
  if (!verification.ok()) return Failed(verification.status());
  nlohmann::json result = {{"ok", true},
                           {"detectedVersion", verification->detected_version},
                           {"message", verification->note}};
  if (!config.component) return result;
  const auto manifest =
      CheckUploadedComponent(registry, *config.component, base::Version());
  if (!manifest.ok()) return Failed(manifest.status());
  result["component"] = {{"manifestDigest", manifest->text()}};
  return result;
}

// Prolongs the leases while the pod works.
class Heartbeat {
 public:
  Heartbeat(pipeline::LeaseKeeper& leases, base::RealClock& clock)
      : thread_([this, &leases, &clock] { Run(leases, clock); }) {}
  ~Heartbeat() {
    stop_.Interrupt();
    thread_.join();
  }

 private:
  void Run(pipeline::LeaseKeeper& leases, base::RealClock& clock) {
    while (stop_.Sleep(leases.Interval())) {
      const absl::Status beat = leases.Beat();
      if (beat.code() == absl::StatusCode::kUnauthenticated) {
        base::LogInfo("work ended");
        clock.Interrupt();
        return;
      }
      if (!beat.ok()) {
        base::LogWarning("heartbeat failed", {{"reason", Bounded(beat)}});
      }
    }
  }
  base::RealClock stop_;
  std::thread thread_;
};

absl::Status Scan(const RunOptions& options, base::RealClock& clock,
                  registry::Registry& registry, submit::WorkClient& analyzer,
                  layer::LayerScanner& scanner,
                  pipeline::ScanPodCounts& counts) {
  base::NoFailpoints failpoints;
  pipeline::LeaseKeeper leases(analyzer, failpoints);
  pipeline::ThreadExecutor executor(options.parallelism);
  const pipeline::Stages stages{registry, scanner, analyzer,  leases,
                                executor, clock,   failpoints};
  Heartbeat heartbeat(leases, clock);
  return pipeline::RunScanPod(stages, {}, counts);
}

}  // namespace

int RunVerify(const RunOptions& options, base::RealClock& clock) {
  auto config = ReadJobConfig(options.job_directory, JobKind::kVerify);
  if (!config.ok()) return Refuse(options.termination_log, config.status());
  auto registry = registry::NewRegistry(config->registry_type,
                                        std::move(config->connection), clock);
  if (!registry.ok()) return Refuse(options.termination_log, registry.status());
  const nlohmann::json result = Verify(**registry, *config);
  base::LogInfo("registry verified",
                {{"registry", config->registry_name},
                 {"result", result.value("code", "ok")},
                 {"reason", result["message"].get<std::string>()}});
  WriteResult(options.termination_log, result);
  return kDone;
}

int RunScan(const RunOptions& options, base::RealClock& clock,
            const MakeScanner& make_scanner) {
  auto config = ReadJobConfig(options.job_directory, JobKind::kScan);
  if (!config.ok()) return Refuse(options.termination_log, config.status());
  auto registry = registry::NewRegistry(config->registry_type,
                                        std::move(config->connection), clock);
  if (!registry.ok()) return Refuse(options.termination_log, registry.status());
  auto analyzer =
      submit::NewGrpcWorkClient({.address = config->analyzer_address,
                                 .ca_pem = std::move(config->analyzer_ca_pem),
                                 .server_name = config->analyzer_server_name,
                                 .token = std::move(config->token),
                                 .report_version = model::kLayerReportVersion},
                                clock);
  if (!analyzer.ok()) return Refuse(options.termination_log, analyzer.status());
  const auto scanner = make_scanner(config->spill_directory);
  pipeline::ScanPodCounts counts;
  const absl::Status status =
      Scan(options, clock, **registry, **analyzer, *scanner, counts);
  WriteResult(options.termination_log,
              {{"ok", status.ok()},
               {"items", {{"done", counts.done}, {"failed", counts.failed}}},
               {"message", Bounded(status)}});
  base::LogInfo("scan pod ended", {{"done", counts.done},
                                   {"failed", counts.failed},
                                   {"reason", Bounded(status)}});
  return status.ok() ? kDone : kTryAgain;
}

}  // namespace landwaiter::agent::job
