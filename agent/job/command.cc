#include "agent/job/command.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "agent/job/discover.h"
#include "agent/job/run.h"
#include "agent/worker/worker_layer_scanner.h"
#include "core/base/clock.h"
#include "core/base/stop_signals.h"

namespace landwaiter::agent::job {
namespace {

// What does not come to an end by then is left as it is: its lease runs out,
// and another pod takes it. Kubernetes kills after 30 s.
constexpr absl::Duration kTimeToLetGo = absl::Seconds(15);

constexpr const char* kFooter =
    "Exit status: 0 the result is in the termination log; 1 it could not do\n"
    "its work, another try may; 2 the job directory is wrong.";

std::unique_ptr<layer::LayerScanner> MakeWorkerScanner(
    const std::string& spill_directory) {
  worker::WorkerOptions options;
  options.spill_directory = spill_directory;
  return std::make_unique<worker::WorkerLayerScanner>(std::move(options));
}

CLI::App* AddJobCommand(CLI::App& app, const std::string& name,
                        const std::string& description, RunOptions& options) {
  CLI::App* command = app.add_subcommand(name, description);
  command->footer(kFooter);
  command
      ->add_option("--job-dir", options.job_directory,
                   "where the Job's Secret is mounted")
      ->capture_default_str()
      ->type_name("DIR");
  command
      ->add_option("--termination-log", options.termination_log,
                   "where the result is written")
      ->capture_default_str()
      ->type_name("FILE");
  return command;
}

}  // namespace

void AddCommands(CLI::App& app, int& exit_status) {
  const auto options = std::make_shared<RunOptions>();
  AddJobCommand(app, "verify",
                "Try a registry's connection once, as a Job of the operator.",
                *options)
      ->callback([options, &exit_status] {
        base::RealClock clock;
        const base::StopSignals signals(clock, kTimeToLetGo);
        exit_status = RunVerify(*options, clock);
      });
  AddJobCommand(app, "discover",
                "List the registries of a cloud account once, as a Job of the "
                "operator.",
                *options)
      ->callback([options, &exit_status] {
        base::RealClock clock;
        const base::StopSignals signals(clock, kTimeToLetGo);
        exit_status = RunDiscover(*options, clock);
      });
  CLI::App* scan = AddJobCommand(
      app, "scan",
      "Do the analyzer's work for one registry, as a Job of the operator.",
      *options);
  scan->add_option("--parallelism", options->parallelism,
                   "layers to pull and read at a time")
      ->capture_default_str()
      ->check(CLI::Range(1, 64))
      ->type_name("N");
  scan->callback([options, &exit_status] {
    base::RealClock clock;
    const base::StopSignals signals(clock, kTimeToLetGo);
    exit_status = RunScan(*options, clock, MakeWorkerScanner);
  });
}

}  // namespace landwaiter::agent::job
