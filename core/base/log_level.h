#ifndef LANDWAITER_CORE_BASE_LOG_LEVEL_H_
#define LANDWAITER_CORE_BASE_LOG_LEVEL_H_

#include <optional>
#include <string_view>

#include "core/base/log.h"

namespace landwaiter::base {

// "debug", "info", "warning" or "error", as configurations have it.
std::optional<LogLevel> LogLevelFromString(std::string_view name);

}  // namespace landwaiter::base

#endif  // LANDWAITER_CORE_BASE_LOG_LEVEL_H_
