#include "agent/job/run.h"

#include <fcntl.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <thread>
#include <utility>

#include "agent/job/job_config.h"
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

constexpr int kDone = 0;
constexpr int kTryAgain = 1;
constexpr int kPointless = 2;
constexpr size_t kMaxMessage = 2000;  // of the 4,096 bytes that are kept

std::string Bounded(const absl::Status& status) {
  return base::ToValidUtf8(
      base::ToStd(status.message()).substr(0, kMaxMessage));
}

// Where Kubernetes takes the result from; outside a pod there is no such file.
void WriteResult(const RunOptions& options, const nlohmann::json& result) {
  const std::string text =
      result.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  const int file =
      open(options.termination_log.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
  if (file < 0) {
    base::LogWarning("no termination log",
                     {{"path", options.termination_log}, {"result", text}});
    return;
  }
  if (write(file, text.data(), text.size()) !=
      static_cast<ssize_t>(text.size())) {
    base::LogWarning("termination log is short",
                     {{"path", options.termination_log}});
  }
  close(file);
}

int Refuse(const RunOptions& options, const absl::Status& status) {
  base::LogError("job cannot run", {{"reason", Bounded(status)}});
  WriteResult(options, {{"ok", false}, {"message", Bounded(status)}});
  return kPointless;
}

nlohmann::json Failed(const absl::Status& status) {
  return {{"ok", false},
          {"code", base::ToString(base::FailureCodeOf(status))},
          {"cause", base::FailureCauseOf(status)},
          {"message", Bounded(status)}};
}

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
  if (!config.ok()) return Refuse(options, config.status());
  auto registry = registry::NewRegistry(config->registry_type,
                                        std::move(config->connection), clock);
  if (!registry.ok()) return Refuse(options, registry.status());
  const nlohmann::json result = Verify(**registry, *config);
  base::LogInfo("registry verified",
                {{"registry", config->registry_name},
                 {"result", result.value("code", "ok")},
                 {"reason", result["message"].get<std::string>()}});
  WriteResult(options, result);
  return kDone;
}

int RunScan(const RunOptions& options, base::RealClock& clock,
            const MakeScanner& make_scanner) {
  auto config = ReadJobConfig(options.job_directory, JobKind::kScan);
  if (!config.ok()) return Refuse(options, config.status());
  auto registry = registry::NewRegistry(config->registry_type,
                                        std::move(config->connection), clock);
  if (!registry.ok()) return Refuse(options, registry.status());
  auto analyzer =
      submit::NewGrpcWorkClient({.address = config->analyzer_address,
                                 .ca_pem = std::move(config->analyzer_ca_pem),
                                 .server_name = config->analyzer_server_name,
                                 .token = std::move(config->token),
                                 .report_version = model::kLayerReportVersion},
                                clock);
  if (!analyzer.ok()) return Refuse(options, analyzer.status());
  const auto scanner = make_scanner(config->spill_directory);
  pipeline::ScanPodCounts counts;
  const absl::Status status =
      Scan(options, clock, **registry, **analyzer, *scanner, counts);
  WriteResult(options,
              {{"ok", status.ok()},
               {"items", {{"done", counts.done}, {"failed", counts.failed}}},
               {"message", Bounded(status)}});
  base::LogInfo("scan pod ended", {{"done", counts.done},
                                   {"failed", counts.failed},
                                   {"reason", Bounded(status)}});
  return status.ok() ? kDone : kTryAgain;
}

}  // namespace landwaiter::agent::job
