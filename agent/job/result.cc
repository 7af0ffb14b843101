#include "agent/job/result.h"

#include <fcntl.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "core/base/failure.h"
#include "core/base/log.h"
#include "core/base/strings.h"

namespace landwaiter::agent::job {
namespace {

constexpr size_t kMaxMessage = 2000;  // of the bytes that are kept

}  // namespace

std::string Bounded(const absl::Status& status) {
  return base::ToValidUtf8(
      base::ToStd(status.message()).substr(0, kMaxMessage));
}

nlohmann::json Failed(const absl::Status& status) {
  return {{"ok", false},
          {"code", base::ToString(base::FailureCodeOf(status))},
          {"cause", base::FailureCauseOf(status)},
          {"message", Bounded(status)}};
}

std::string TextOf(const nlohmann::json& result) {
  return result.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void WriteResult(const std::string& file, const nlohmann::json& result) {
  const std::string text = TextOf(result);
  const int descriptor = open(file.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
  if (descriptor < 0) {
    base::LogWarning("no termination log", {{"path", file}, {"result", text}});
    return;
  }
  if (write(descriptor, text.data(), text.size()) !=
      static_cast<ssize_t>(text.size())) {
    base::LogWarning("termination log is short", {{"path", file}});
  }
  close(descriptor);
}

int Refuse(const std::string& file, const absl::Status& status) {
  base::LogError("job cannot run", {{"reason", Bounded(status)}});
  WriteResult(file, {{"ok", false}, {"message", Bounded(status)}});
  return kPointless;
}

}  // namespace landwaiter::agent::job
