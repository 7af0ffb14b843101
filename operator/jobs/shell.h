#ifndef LANDWAITER_OPERATOR_JOBS_SHELL_H_
#define LANDWAITER_OPERATOR_JOBS_SHELL_H_

#include <string>
#include <string_view>

namespace landwaiter::jobs {

// The text as one word of a POSIX shell, whatever is in it: as it is if no
// shell would read anything into it, else in single quotes.
std::string ShellQuote(std::string_view text);

}  // namespace landwaiter::jobs

#endif  // LANDWAITER_OPERATOR_JOBS_SHELL_H_
