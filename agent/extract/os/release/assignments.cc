#include "agent/extract/os/release/assignments.h"

#include "core/base/strings.h"

namespace landwaiter::agent::extract::os {
namespace {

// The value as a shell would read it, up to its closing quote or, without
// quotes, up to white space.
std::string Unquote(std::string_view raw) {
  std::string value;
  char quote = '\0';
  for (size_t i = 0; i < raw.size(); ++i) {
    const char c = raw[i];
    if (quote == '\0' && (c == ' ' || c == '\t')) break;
    if (c == quote) {
      quote = '\0';
    } else if (quote == '\0' && (c == '"' || c == '\'')) {
      quote = c;
    } else if (c == '\\' && quote != '\'' && i + 1 < raw.size()) {
      value += raw[++i];
    } else {
      value += c;
    }
  }
  return value;
}

}  // namespace

Assignments::Assignments(std::string_view text) {
  for (std::string_view line : base::Split(text, '\n')) {
    line = base::Strip(line);
    if (line.empty() || line.front() == '#') continue;
    const auto parts = base::SplitOnce(line, '=');
    if (!parts.has_value()) continue;
    values_[std::string(base::Strip(parts->first))] =
        Unquote(base::Strip(parts->second));
  }
}

const std::string& Assignments::operator[](std::string_view key) const {
  static const std::string kNone;
  const auto it = values_.find(key);
  return it == values_.end() ? kNone : it->second;
}

}  // namespace landwaiter::agent::extract::os
