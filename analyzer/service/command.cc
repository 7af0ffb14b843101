#include "analyzer/service/command.h"

#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "analyzer/service/analyzer.h"
#include "analyzer/service/config.h"
#include "analyzer/service/feed_source.h"
#include "analyzer/service/query_command.h"
#include "core/base/clock.h"
#include "core/base/failure.h"
#include "core/base/log.h"
#include "core/base/stop_signals.h"

namespace landwaiter::analyzer::service {
namespace {

// Runs until a stop signal.
absl::Status Serve(const std::string& config_path) {
  base::RealClock clock;
  const base::StopSignals signals(clock);
  // The store and its keys are nobody else's to read.
  ::umask(0077);
  LANDWAITER_ASSIGN_OR_RETURN(const AnalyzerConfig config,
                              LoadConfig(config_path));
  base::SetLogLevel(config.log_level);
  base::NoFailpoints failpoints;
  FeedSource source({.feeds = config.advisory_sources,
                     .directory = config.store_directory + "/advisories",
                     .fetch = config.advisory_fetch},
                    clock, failpoints);
  LANDWAITER_ASSIGN_OR_RETURN(const std::unique_ptr<Analyzer> analyzer,
                              Analyzer::Start(config, clock, source));
  analyzer->Run();
  return absl::OkStatus();
}

int Report(const absl::Status& status) {
  if (status.ok()) return 0;
  base::LogError("analyzer failed", {{"error", status.ToString()}});
  return 1;
}

}  // namespace

void AddCommands(CLI::App& app, int& exit_status) {
  // Shared with the callbacks, which run while `app` parses.
  const auto path = std::make_shared<std::string>();
  CLI::App* serve = app.add_subcommand(
      "serve",
      "Runs the analyzer: the gRPC services, the queue and the store.");
  serve->add_option("--config", *path, "The configuration, YAML.")
      ->required()
      ->type_name("FILE");
  serve->footer("docs/reference/analyzer-config.md has the keys of FILE.");
  serve->callback([path, &exit_status] { exit_status = Report(Serve(*path)); });

  CLI::App* check = app.add_subcommand(
      "check-config", "Says whether a configuration can be used.");
  check->add_option("--config", *path, "The configuration, YAML.")
      ->required()
      ->type_name("FILE");
  AddQueryCommand(app, exit_status);
  check->callback([path, &exit_status] {
    const absl::Status status = LoadConfig(*path).status();
    if (!status.ok()) {
      std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
    }
    exit_status = status.ok() ? 0 : 1;
  });
}

}  // namespace landwaiter::analyzer::service
