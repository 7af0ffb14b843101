#include "agent/extract/lang/python/requirements.h"

#include <cstdint>
#include <string>
#include <utility>

#include "agent/extract/lang/formats.h"
#include "agent/extract/lang/python/name.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/text/line_reader.h"
#include "core/text/utf8.h"

namespace landwaiter::agent::extract::lang {
namespace {

// Larger ones are not written by people or pip-compile.
constexpr uint64_t kMaxUtf16 = uint64_t{1} << 20;

bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

// "name[extras]==version; marker --hash=... # comment"
absl::Status TakeLine(std::string_view line, bool development,
                      PackageList& packages) {
  line = line.substr(0, line.find_first_of("#;\\"));
  line = line.substr(0, line.find(" --"));
  line = base::Strip(line);
  size_t end = 0;
  while (end < line.size() && IsNameCharacter(line[end])) ++end;
  if (end == 0 || line.front() == '-') return absl::OkStatus();
  const std::string_view name = line.substr(0, end);
  std::string_view rest = base::Strip(line.substr(end));
  if (rest.starts_with('[')) {
    const size_t close = rest.find(']');
    if (close == rest.npos) return absl::OkStatus();
    rest = base::Strip(rest.substr(close + 1));
  }
  if (!rest.starts_with("==")) return absl::OkStatus();
  rest.remove_prefix(rest.starts_with("===") ? 3 : 2);
  rest = base::Strip(rest);
  // A wildcard, another condition, a template: no exact version.
  if (rest.find_first_of("*,<>!~ {}$\t") != rest.npos) return absl::OkStatus();
  model::Package package = Declared("pypi");
  package.name = NormalizedPythonName(name);
  package.version = rest;
  package.development = development;
  return Keep(std::move(package), packages);
}

// PowerShell's "pip freeze >" writes UTF-16.
absl::StatusOr<bool> IsUtf16(File& file) {
  char mark[2] = {};
  LANDWAITER_ASSIGN_OR_RETURN(const size_t read, file.ReadAt(0, mark, 2));
  return read == 2 && mark[0] == '\xFF' && mark[1] == '\xFE';
}

std::string FromUtf16(std::string_view bytes) {
  std::string text;
  for (size_t i = 2; i + 1 < bytes.size(); i += 2) {
    text::AppendUtf8(
        static_cast<unsigned char>(bytes[i]) |
            static_cast<uint32_t>(static_cast<unsigned char>(bytes[i + 1]))
                << 8,
        text);
  }
  return text;
}

}  // namespace

absl::Status ReadRequirements(std::string_view path, File& file,
                              PackageList& packages) {
  LANDWAITER_ASSIGN_OR_RETURN(const bool utf16, IsUtf16(file));
  if (utf16) {
    if (file.size() > kMaxUtf16) {
      packages.problems().Add("UTF-16, and too large");
      return absl::OkStatus();
    }
    LANDWAITER_ASSIGN_OR_RETURN(const std::string bytes,
                                file.ReadAll(kMaxUtf16));
    const std::string text = FromUtf16(bytes);
    MemoryFile plain(text);
    return ReadRequirements(path, plain, packages);
  }
  const std::string_view name = BaseName(path);
  const bool development =
      base::Contains(name, "dev") || base::Contains(name, "test");
  text::LineReader lines(file);
  while (true) {
    LANDWAITER_ASSIGN_OR_RETURN(const auto line, lines.Next());
    if (!line.has_value()) return absl::OkStatus();
    LANDWAITER_RETURN_IF_ERROR(TakeLine(*line, development, packages));
  }
}

}  // namespace landwaiter::agent::extract::lang
