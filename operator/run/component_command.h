#ifndef LANDWAITER_OPERATOR_RUN_COMPONENT_COMMAND_H_
#define LANDWAITER_OPERATOR_RUN_COMPONENT_COMMAND_H_

#include <ostream>

namespace CLI {
class App;
}  // namespace CLI

namespace landwaiter::run {

// Adds `component commands`, which writes the lines that upload the scan
// component into a registry to `out`. `exit_status` is set when it ran: 0, or 2
// if it is not known which image to upload (told on `errors`). All outlive the
// parsing.
void AddComponentCommand(CLI::App& app, std::ostream& out, std::ostream& errors,
                         int& exit_status);

}  // namespace landwaiter::run

#endif  // LANDWAITER_OPERATOR_RUN_COMPONENT_COMMAND_H_
