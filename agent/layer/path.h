#ifndef LANDWAITER_AGENT_LAYER_PATH_H_
#define LANDWAITER_AGENT_LAYER_PATH_H_

#include <optional>
#include <string>
#include <string_view>

namespace landwaiter::agent::layer {

// The path of an archive's entry as a report has it: relative to the root and
// clean ("/./a//b/" is "a/b", "." is ""). nullopt for one that climbs above
// the root. The result points into `raw` or into `scratch`.
std::optional<std::string_view> CleanPath(std::string_view raw,
                                          std::string& scratch);

// Where a symbolic link at `path` (clean) points to, relative to the root and
// clean; ".." at the root stays there, as the kernel has it. Symbolic links on
// the way are not followed.
std::string LinkTarget(std::string_view path, std::string_view target);

}  // namespace landwaiter::agent::layer

#endif  // LANDWAITER_AGENT_LAYER_PATH_H_
