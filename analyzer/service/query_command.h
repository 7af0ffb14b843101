#ifndef LANDWAITER_ANALYZER_SERVICE_QUERY_COMMAND_H_
#define LANDWAITER_ANALYZER_SERVICE_QUERY_COMMAND_H_

namespace CLI {
class App;
}

namespace landwaiter::analyzer::service {

// Adds the sub-command `query`, which asks a running analyzer which images hold
// a package or have a vulnerability. Sets `exit_status`: 0, or 1 after an
// error.
void AddQueryCommand(CLI::App& app, int& exit_status);

}  // namespace landwaiter::analyzer::service

#endif  // LANDWAITER_ANALYZER_SERVICE_QUERY_COMMAND_H_
