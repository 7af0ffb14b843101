#ifndef LANDWAITER_OPERATOR_RUN_CHECK_COMMAND_H_
#define LANDWAITER_OPERATOR_RUN_CHECK_COMMAND_H_

#include <iosfwd>

namespace CLI {
class App;
}

namespace landwaiter::run {

// Adds `check`, which asks URLs until each has answered 200 and tells of each
// on `out`: what `helm test` runs. `exit_status` is set when it ran: 0, or 1 if
// one did not answer in time. All outlive the parsing.
void AddCheckCommand(CLI::App& app, std::ostream& out, int& exit_status);

}  // namespace landwaiter::run

#endif  // LANDWAITER_OPERATOR_RUN_CHECK_COMMAND_H_
