// landwaiter-analyzer, the central server and its tools. Sub-commands live in
// folders of their own; each adds itself to the command line here.
#include <signal.h>

#include <CLI/CLI.hpp>

#include "analyzer/advisory/db_command.h"
#include "analyzer/match/command.h"
#include "analyzer/service/command.h"

int main(int argc, char** argv) {
  // A reader or a connection that goes away is an error of a write.
  signal(SIGPIPE, SIG_IGN);

  CLI::App app(
      "The analyzer of Landwaiter: keeps the work queue, the inventories and "
      "the findings, and matches images with advisories.");
  app.name("landwaiter-analyzer");
  app.require_subcommand(1);
  int exit_status = 0;
  landwaiter::analyzer::match::AddCommand(app, exit_status);
  landwaiter::analyzer::advisory::AddDbCommands(app, exit_status);
  landwaiter::analyzer::service::AddCommands(app, exit_status);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    constexpr int kWrongUsage = 2;
    return app.exit(error) == 0 ? 0 : kWrongUsage;
  }
  return exit_status;
}
