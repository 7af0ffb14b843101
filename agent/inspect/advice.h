#ifndef LANDWAITER_AGENT_INSPECT_ADVICE_H_
#define LANDWAITER_AGENT_INSPECT_ADVICE_H_

#include <string_view>

#include "absl/status/status.h"

namespace landwaiter::agent::inspect {

// What a person at a terminal can do about a failure of `inspect`: a sentence,
// or empty if there is nothing to advise. REQUIRES: !status.ok().
std::string_view Advice(const absl::Status& status);

}  // namespace landwaiter::agent::inspect

#endif  // LANDWAITER_AGENT_INSPECT_ADVICE_H_
