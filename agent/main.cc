// landwaiter-agent, the scan component. Sub-commands live in folders of their
// own; each adds itself to the command line here.
#include <signal.h>

#include <CLI/CLI.hpp>
#include <string_view>

#include "agent/extract/catalog.h"
#include "agent/inspect/command.h"
#include "agent/job/command.h"
#include "agent/worker/worker.h"

int main(int argc, char** argv) {
  // What the agent executes itself as to read a layer. Before all else: the
  // worker should have as little as possible in its memory.
  if (argc == 2 && std::string_view(argv[1]) == "worker") {
    landwaiter::agent::worker::RunWorker(
        landwaiter::agent::extract::AllExtractors());
  }
  // A worker or a connection that goes away is an error of a write.
  signal(SIGPIPE, SIG_IGN);

  CLI::App app("The scan component of Landwaiter: reads container images.");
  app.name("landwaiter-agent");
  app.require_subcommand(1);
  int exit_status = 0;
  landwaiter::agent::inspect::AddCommand(app, exit_status);
  landwaiter::agent::job::AddCommands(app, exit_status);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    constexpr int kWrongUsage = 2;
    return app.exit(error) == 0 ? 0 : kWrongUsage;
  }
  return exit_status;
}
