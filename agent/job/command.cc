#include "agent/job/command.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <ctime>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>

#include "agent/job/discover.h"
#include "agent/job/run.h"
#include "agent/worker/worker_layer_scanner.h"
#include "core/base/clock.h"
#include "core/base/log.h"

namespace landwaiter::agent::job {
namespace {

constexpr time_t kTimeToLetGo = 15;  // seconds; Kubernetes kills after 30

constexpr const char* kFooter =
    "Exit status: 0 the result is in the termination log; 1 it could not do\n"
    "its work, another try may; 2 the job directory is wrong.";

// Waits for SIGTERM or SIGINT on a thread of its own: the first interrupts the
// clock, and what then does not come to an end in time is left as it is (its
// lease runs out, and another pod takes it).
class Terminator {
 public:
  explicit Terminator(base::RealClock& clock) {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    thread_ = std::jthread([this, &clock](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        if (!Signalled(0, 200'000'000)) continue;
        base::LogInfo("terminating");
        clock.Interrupt();
        for (time_t s = 0; s < kTimeToLetGo && !stop.stop_requested(); ++s) {
          Signalled(1, 0);
        }
        if (!stop.stop_requested()) _exit(0);
      }
    });
  }

 private:
  bool Signalled(time_t seconds, long nanoseconds) {
    const timespec wait = {seconds, nanoseconds};
    return sigtimedwait(&signals_, nullptr, &wait) > 0;
  }
  sigset_t signals_;
  std::jthread thread_;
};

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
        const Terminator terminator(clock);
        exit_status = RunVerify(*options, clock);
      });
  AddJobCommand(app, "discover",
                "List the registries of a cloud account once, as a Job of the "
                "operator.",
                *options)
      ->callback([options, &exit_status] {
        base::RealClock clock;
        const Terminator terminator(clock);
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
    const Terminator terminator(clock);
    exit_status = RunScan(*options, clock, MakeWorkerScanner);
  });
}

}  // namespace landwaiter::agent::job
