#ifndef LANDWAITER_CORE_TEXT_JSON_H_
#define LANDWAITER_CORE_TEXT_JSON_H_

#include "absl/status/statusor.h"
#include "core/base/file.h"
#include "core/text/outcome.h"
#include "core/text/tree.h"

namespace landwaiter::text {

enum class JsonDialect {
  kStrict,   // RFC 8259
  kRelaxed,  // with comments, and a comma before a closing bracket (bun.lock)
};

// Between two events there are at most this many bytes: one string, number or
// run of white space. More are a fault.
inline constexpr size_t kMaxJsonToken = size_t{1} << 20;

// Reads JSON. Errors are the file's and the handler's.
absl::StatusOr<Outcome> ReadJson(base::File& file, TreeHandler& handler,
                                 JsonDialect dialect = JsonDialect::kStrict);

}  // namespace landwaiter::text

#endif  // LANDWAITER_CORE_TEXT_JSON_H_
