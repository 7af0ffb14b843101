#include "analyzer/service/call_log.h"

#include "core/base/log.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::service {

void CallLog::Record(std::string_view method, const absl::Status& status) {
  const std::string code = absl::StatusCodeToString(status.code());
  {
    absl::MutexLock lock(&mutex_);
    ++counts_[{std::string(method), code}];
  }
  switch (status.code()) {
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kUnknown:
      base::LogWarning("call failed",
                       {{"method", method},
                        {"code", code},
                        {"error", base::ToStd(status.message())}});
      break;
    default:
      break;
  }
}

std::map<std::pair<std::string, std::string>, uint64_t> CallLog::Counts() {
  absl::MutexLock lock(&mutex_);
  return counts_;
}

}  // namespace landwaiter::analyzer::service
