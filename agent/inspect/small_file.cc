#include "agent/inspect/small_file.h"

#include <fstream>

#include "core/base/strings.h"

namespace landwaiter::agent::inspect {

absl::StatusOr<std::string> ReadSmallFile(const std::string& path) {
  constexpr std::streamsize kMax = 1 << 20;
  std::ifstream file(path, std::ios::binary);
  std::string content(kMax, '\0');
  file.read(content.data(), kMax);
  if (!file.is_open() || file.bad() || file.gcount() == kMax) {
    return absl::InvalidArgumentError(
        base::StrCat("cannot read the file \"", path, "\""));
  }
  content.resize(static_cast<size_t>(file.gcount()));
  return content;
}

}  // namespace landwaiter::agent::inspect
