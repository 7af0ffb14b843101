#ifndef LANDWAITER_AGENT_EXTRACT_TEXT_TOML_H_
#define LANDWAITER_AGENT_EXTRACT_TEXT_TOML_H_

#include "absl/status/statusor.h"
#include "agent/extract/file.h"
#include "agent/extract/text/outcome.h"
#include "agent/extract/text/tree.h"

namespace landwaiter::agent::extract::text {

// A key or a value has at most this many bytes; more are a fault.
inline constexpr size_t kMaxTomlText = size_t{64} * 1024;

// Reads TOML 1.0 as a stream: tables in the order of the file, a table that is
// taken up again is entered again, and neither is checked whether a key was
// there before. `[[a]]` gives items of the list "a". Numbers and dates are
// given as they are written. Errors are the file's and the handler's.
absl::StatusOr<Outcome> ReadToml(File& file, TreeHandler& handler);

}  // namespace landwaiter::agent::extract::text

#endif  // LANDWAITER_AGENT_EXTRACT_TEXT_TOML_H_
