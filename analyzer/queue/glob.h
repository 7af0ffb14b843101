#ifndef LANDWAITER_ANALYZER_QUEUE_GLOB_H_
#define LANDWAITER_ANALYZER_QUEUE_GLOB_H_

#include <string>
#include <string_view>
#include <vector>

namespace landwaiter::analyzer::queue {

// Whether `text` as a whole matches the glob (docs/reference/globs.md): "*"
// stands for any characters but "/", "**" for any characters, "**/" also for
// nothing; every other character stands for itself. Time and memory grow with
// the product of the lengths at most.
bool GlobMatch(std::string_view pattern, std::string_view text);

// Whether the glob names just itself.
bool IsLiteral(std::string_view pattern);

// Whether `text` matches one of `include` (or there is none) and none of
// `exclude`.
bool GlobSelects(const std::vector<std::string>& include,
                 const std::vector<std::string>& exclude,
                 std::string_view text);

}  // namespace landwaiter::analyzer::queue

#endif  // LANDWAITER_ANALYZER_QUEUE_GLOB_H_
