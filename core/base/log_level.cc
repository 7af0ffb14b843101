#include "core/base/log_level.h"

namespace landwaiter::base {

std::optional<LogLevel> LogLevelFromString(std::string_view name) {
  if (name == "debug") return LogLevel::kDebug;
  if (name == "info") return LogLevel::kInfo;
  if (name == "warning") return LogLevel::kWarning;
  if (name == "error") return LogLevel::kError;
  return std::nullopt;
}

}  // namespace landwaiter::base
