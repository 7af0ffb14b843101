#include "agent/layer/limits.h"

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::layer {

absl::Status LimitExceeded(std::string_view kind, std::string_view what,
                           uint64_t limit) {
  return base::Failure(base::FailureCode::kLimitExceeded,
                       base::StrCat(what, " exceeds the limit of ", limit),
                       kind);
}

absl::Status CorruptLayer(std::string_view message) {
  return base::Failure(base::FailureCode::kCorruptLayer, message);
}

}  // namespace landwaiter::agent::layer
