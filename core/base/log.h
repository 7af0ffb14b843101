#ifndef LANDWAITER_CORE_BASE_LOG_H_
#define LANDWAITER_CORE_BASE_LOG_H_

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace landwaiter::base {

// Structured logs: one JSON object a line on stderr,
//   {"time":"...","level":"info","message":"layer scanned","layer":"..."}
// The message is constant ("process event"); what varies is a field. A secret
// is never a field. Thread-safe.
enum class LogLevel { kDebug, kInfo, kWarning, kError };

// One field. Strings are escaped, and cut at 4 KiB.
class LogField {
 public:
  LogField(std::string_view key, std::string_view value)
      : key_(key), text_(value) {}
  LogField(std::string_view key, const char* value)
      : LogField(key, std::string_view(value)) {}
  LogField(std::string_view key, const std::string& value)
      : LogField(key, std::string_view(value)) {}
  template <typename T>
    requires std::is_arithmetic_v<T>
  LogField(std::string_view key, T value)
      : key_(key), text_(NumberText(value)), raw_(true) {}

  const std::string& key() const { return key_; }
  const std::string& text() const { return text_; }
  // Whether text() is JSON as it is (a number or a boolean).
  bool raw() const { return raw_; }

 private:
  template <typename T>
  static std::string NumberText(T value) {
    if constexpr (std::is_same_v<T, bool>) return value ? "true" : "false";
    return std::to_string(value);
  }
  std::string key_;
  std::string text_;
  bool raw_ = false;
};

// Sets the least level that is written (default kInfo).
void SetLogLevel(LogLevel level);

void Log(LogLevel level, std::string_view message,
         std::initializer_list<LogField> fields = {});

inline void LogDebug(std::string_view message,
                     std::initializer_list<LogField> fields = {}) {
  Log(LogLevel::kDebug, message, fields);
}
inline void LogInfo(std::string_view message,
                    std::initializer_list<LogField> fields = {}) {
  Log(LogLevel::kInfo, message, fields);
}
inline void LogWarning(std::string_view message,
                       std::initializer_list<LogField> fields = {}) {
  Log(LogLevel::kWarning, message, fields);
}
inline void LogError(std::string_view message,
                     std::initializer_list<LogField> fields = {}) {
  Log(LogLevel::kError, message, fields);
}

// The line that Log would write, without the newline (for tests).
std::string FormatLogLine(LogLevel level, std::string_view time,
                          std::string_view message,
                          std::initializer_list<LogField> fields);

}  // namespace landwaiter::base

#endif  // LANDWAITER_CORE_BASE_LOG_H_
