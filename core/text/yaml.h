#ifndef LANDWAITER_CORE_TEXT_YAML_H_
#define LANDWAITER_CORE_TEXT_YAML_H_

#include "absl/status/statusor.h"
#include "core/base/file.h"
#include "core/text/outcome.h"
#include "core/text/tree.h"

namespace landwaiter::text {

// Between two events there are at most this many bytes; the parser holds all
// that it read since the last. More are a fault.
inline constexpr size_t kMaxYamlToken = size_t{64} * 1024;

// Reads YAML, all documents of the file. Aliases, which could name a part
// again and again, and keys that are not scalars are faults: no lock file has
// them. Errors are the file's and the handler's.
absl::StatusOr<Outcome> ReadYaml(base::File& file, TreeHandler& handler);

}  // namespace landwaiter::text

#endif  // LANDWAITER_CORE_TEXT_YAML_H_
