#include "core/base/log.h"

#include <atomic>
#include <memory>
#include <nlohmann/json.hpp>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "spdlog/sinks/stdout_sinks.h"
#include "spdlog/spdlog.h"

namespace landwaiter::base {
namespace {

constexpr size_t kMaxFieldBytes = 4096;

std::atomic<LogLevel> g_level{LogLevel::kInfo};

std::string_view LevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
  }
  return "error";
}

// spdlog writes and locks; the line is ours.
spdlog::logger& Sink() {
  static auto* const logger = [] {
    auto* made = new spdlog::logger(
        "landwaiter", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%v");
    return made;
  }();
  return *logger;
}

}  // namespace

void SetLogLevel(LogLevel level) { g_level = level; }

std::string FormatLogLine(LogLevel level, std::string_view time,
                          std::string_view message,
                          std::initializer_list<LogField> fields) {
  nlohmann::ordered_json line = {
      {"time", time}, {"level", LevelName(level)}, {"message", message}};
  for (const LogField& field : fields) {
    if (field.raw()) {
      line[field.key()] =
          nlohmann::ordered_json::parse(field.text(), nullptr, false);
    } else {
      line[field.key()] = field.text().substr(0, kMaxFieldBytes);
    }
  }
  return line.dump(-1, ' ', false,
                   nlohmann::ordered_json::error_handler_t::replace);
}

void Log(LogLevel level, std::string_view message,
         std::initializer_list<LogField> fields) {
  if (level < g_level.load(std::memory_order_relaxed)) return;
  const std::string now = absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::Now(),
                                           absl::UTCTimeZone());
  Sink().log(spdlog::level::info, "{}",
             FormatLogLine(level, now, message, fields));
}

}  // namespace landwaiter::base
