#ifndef LANDWAITER_ANALYZER_MATCH_COMMAND_H_
#define LANDWAITER_ANALYZER_MATCH_COMMAND_H_

namespace CLI {
class App;
}

namespace landwaiter::analyzer::match {

// Exit statuses of `match` beside 0 and CLI usage errors (2).
inline constexpr int kExitFailed = 1;      // inventory or advisories unreadable
inline constexpr int kExitThreshold = 3;   // --fail-on found something
inline constexpr int kExitNoAdvisory = 4;  // --fail-on had nothing to go by
inline constexpr int kExitDiffers = 5;     // --replay: something else came out

// Adds the sub-command `match` to `app`. When the command line asks for it,
// parsing runs it and sets `exit_status`.
void AddCommand(CLI::App& app, int& exit_status);

}  // namespace landwaiter::analyzer::match

#endif  // LANDWAITER_ANALYZER_MATCH_COMMAND_H_
