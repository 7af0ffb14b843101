#ifndef LANDWAITER_ANALYZER_ADVISORY_DB_COMMAND_H_
#define LANDWAITER_ANALYZER_ADVISORY_DB_COMMAND_H_

namespace CLI {
class App;
}

namespace landwaiter::analyzer::advisory {

// Adds the sub-command `db` to `app`: build, info, diff, export, import, push
// and pull. When the command line asks for one, parsing runs it and sets
// `exit_status`: 0, or 1 after an error.
void AddDbCommands(CLI::App& app, int& exit_status);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_DB_COMMAND_H_
