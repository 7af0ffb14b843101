#ifndef LANDWAITER_AGENT_INSPECT_COMMAND_H_
#define LANDWAITER_AGENT_INSPECT_COMMAND_H_

namespace CLI {
class App;
}

namespace landwaiter::agent::inspect {

// Adds the sub-command `inspect` to `app`. When the command line asks for it,
// parsing runs it and sets `exit_status`: 0 when the inventory was printed, 1
// when the image could not be read, 2 for arguments that make no sense.
void AddCommand(CLI::App& app, int& exit_status);

}  // namespace landwaiter::agent::inspect

#endif  // LANDWAITER_AGENT_INSPECT_COMMAND_H_
