#ifndef LANDWAITER_CORE_TEXT_TOML_H_
#define LANDWAITER_CORE_TEXT_TOML_H_

#include "absl/status/statusor.h"
#include "core/base/file.h"
#include "core/text/outcome.h"
#include "core/text/tree.h"

namespace landwaiter::text {

// A key or a value has at most this many bytes; more are a fault.
inline constexpr size_t kMaxTomlText = size_t{64} * 1024;

// Reads TOML 1.0 as a stream: tables in the order of the file, a table that is
// taken up again is entered again, and neither is checked whether a key was
// there before. `[[a]]` gives items of the list "a". Numbers and dates are
// given as they are written. Errors are the file's and the handler's.
absl::StatusOr<Outcome> ReadToml(base::File& file, TreeHandler& handler);

}  // namespace landwaiter::text

#endif  // LANDWAITER_CORE_TEXT_TOML_H_
