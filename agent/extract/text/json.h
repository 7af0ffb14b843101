#ifndef LANDWAITER_AGENT_EXTRACT_TEXT_JSON_H_
#define LANDWAITER_AGENT_EXTRACT_TEXT_JSON_H_

#include "absl/status/statusor.h"
#include "agent/extract/file.h"
#include "agent/extract/text/outcome.h"
#include "agent/extract/text/tree.h"

namespace landwaiter::agent::extract::text {

enum class JsonDialect {
  kStrict,   // RFC 8259
  kRelaxed,  // with comments, and a comma before a closing bracket (bun.lock)
};

// Between two events there are at most this many bytes: one string, number or
// run of white space. More are a fault.
inline constexpr size_t kMaxJsonToken = size_t{1} << 20;

// Reads JSON. Errors are the file's and the handler's.
absl::StatusOr<Outcome> ReadJson(File& file, TreeHandler& handler,
                                 JsonDialect dialect = JsonDialect::kStrict);

}  // namespace landwaiter::agent::extract::text

#endif  // LANDWAITER_AGENT_EXTRACT_TEXT_JSON_H_
