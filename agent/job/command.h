#ifndef LANDWAITER_AGENT_JOB_COMMAND_H_
#define LANDWAITER_AGENT_JOB_COMMAND_H_

namespace CLI {
class App;
}

namespace landwaiter::agent::job {

// Adds the sub-commands `verify`, `discover` and `scan` to `app`: what the
// operator's Jobs run. Parsing runs the one that was asked for and sets
// `exit_status` as docs/scan-job.md has it.
void AddCommands(CLI::App& app, int& exit_status);

}  // namespace landwaiter::agent::job

#endif  // LANDWAITER_AGENT_JOB_COMMAND_H_
