// landwaiter-operator: see docs/operations.md.
#include <signal.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/log_level.h"
#include "core/base/stop_signals.h"
#include "operator/config/operator_config.h"
#include "operator/connector/config.h"
#include "operator/connector/program.h"
#include "operator/kube/config/config.h"
#include "operator/run/check_command.h"
#include "operator/run/component_command.h"
#include "operator/run/program.h"

namespace {

// The namespace of the pod that this is; empty outside of a cluster.
std::string OwnNamespace(landwaiter::base::Clock* clock) {
  const auto config = landwaiter::kube::InClusterConfig(
      {.variable =
           [](const char* name) {
             const char* value = getenv(name);
             return std::string(value == nullptr ? "" : value);
           }},
      clock);
  return config.ok() ? config->ns : "";
}

// `landwaiter-operator connector`, in a far cluster.
int RunConnectorCommand(const std::string& path) {
  const auto config = landwaiter::connector::ReadConnectorConfig(path);
  if (!config.ok()) {
    std::fprintf(stderr, "%s\n",
                 std::string(config.status().message()).c_str());
    return 2;
  }
  landwaiter::base::SetLogLevel(
      landwaiter::base::LogLevelFromString(config->log_level)
          .value_or(landwaiter::base::LogLevel::kInfo));
  signal(SIGPIPE, SIG_IGN);
  landwaiter::base::RealClock clock;
  const landwaiter::base::StopSignals signals(clock);
  const absl::Status status =
      landwaiter::connector::RunConnector(*config, clock);
  if (status.ok()) return 0;
  landwaiter::base::LogError("connector ends", {{"error", status.ToString()}});
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Watches image registries and scan policies of a Kubernetes cluster, and "
      "has their images scanned.");
  std::string path;
  bool check = false;
  std::vector<std::string> release;
  app.add_option("--config", path, "configuration file (YAML)");
  app.add_flag("--check-config", check,
               "read the configuration, say what is wrong with it, and exit");
  app.add_option("--release-finalizers", release,
                 "when the operator was removed: take its finalizers off the "
                 "resources in these namespaces, so that they can be deleted, "
                 "and exit");
  int exit_status = 0;
  landwaiter::run::AddComponentCommand(app, std::cout, std::cerr, exit_status);
  landwaiter::run::AddCheckCommand(app, std::cout, exit_status);
  std::string connector_path;
  CLI::App* const connector =
      app.add_subcommand("connector",
                         "run in a repository cluster that admits nobody: "
                         "connects to the operator "
                         "and creates scan pods for it");
  connector->add_option("--config", connector_path, "configuration file (YAML)")
      ->required();
  CLI11_PARSE(app, argc, argv);
  if (connector->parsed()) return RunConnectorCommand(connector_path);
  if (!app.get_subcommands().empty()) return exit_status;

  landwaiter::base::RealClock clock;
  if (!release.empty()) {
    const absl::Status released =
        landwaiter::run::ReleaseFinalizers(release, clock);
    if (released.ok()) return 0;
    std::fprintf(stderr, "%s\n", released.ToString().c_str());
    return 1;
  }
  if (path.empty()) {
    std::fprintf(stderr, "--config is required\n");
    return 2;
  }
  const auto config =
      landwaiter::config::ReadOperatorConfig(path, OwnNamespace(&clock));
  if (!config.ok()) {
    std::fprintf(stderr, "%s\n",
                 std::string(config.status().message()).c_str());
    return 2;
  }
  if (check) return 0;
  landwaiter::base::SetLogLevel(
      landwaiter::base::LogLevelFromString(config->log_level)
          .value_or(landwaiter::base::LogLevel::kInfo));
  signal(SIGPIPE, SIG_IGN);
  const landwaiter::base::StopSignals signals(clock);
  const absl::Status status = landwaiter::run::RunOperator(*config, clock);
  if (status.ok()) return 0;
  landwaiter::base::LogError("operator ends", {{"error", status.ToString()}});
  return 1;
}
