#ifndef LANDWAITER_AGENT_EXTRACT_OS_RPM_HEADER_SINK_H_
#define LANDWAITER_AGENT_EXTRACT_OS_RPM_HEADER_SINK_H_

#include <cstdint>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"

namespace landwaiter::agent::extract::os {

// Takes the bytes of one package's header, valid during the call. A status
// that is not OK ends the reading and is returned.
using HeaderSink = absl::FunctionRef<absl::Status(std::string_view)>;

// A longer header is a problem. librpm's own limit is 256 MiB; the longest
// real ones (texlive, kernel) are below 10 MiB.
inline constexpr uint64_t kMaxHeader = 32ull << 20;

}  // namespace landwaiter::agent::extract::os

#endif  // LANDWAITER_AGENT_EXTRACT_OS_RPM_HEADER_SINK_H_
