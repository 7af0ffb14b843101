#ifndef LANDWAITER_AGENT_INSPECT_SMALL_FILE_H_
#define LANDWAITER_AGENT_INSPECT_SMALL_FILE_H_

#include <string>

#include "absl/status/statusor.h"

namespace landwaiter::agent::inspect {

// A file of the user's: a password, certificates, accounts. INVALID_ARGUMENT
// if it cannot be read or has 1 MiB or more.
absl::StatusOr<std::string> ReadSmallFile(const std::string& path);

}  // namespace landwaiter::agent::inspect

#endif  // LANDWAITER_AGENT_INSPECT_SMALL_FILE_H_
