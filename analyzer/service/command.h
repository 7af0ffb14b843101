#ifndef LANDWAITER_ANALYZER_SERVICE_COMMAND_H_
#define LANDWAITER_ANALYZER_SERVICE_COMMAND_H_

namespace CLI {
class App;
}

namespace landwaiter::analyzer::service {

// Adds the sub-commands `serve` and `check-config` to `app`. When the command
// line asks for one, parsing runs it and sets `exit_status`: 0, or 1 after an
// error. `serve` ends with SIGTERM or SIGINT; no thread may run before it.
void AddCommands(CLI::App& app, int& exit_status);

}  // namespace landwaiter::analyzer::service

#endif  // LANDWAITER_ANALYZER_SERVICE_COMMAND_H_
