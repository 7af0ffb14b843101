#include "agent/extract/lang/java/manifest.h"

#include <utility>

#include "core/base/strings.h"

namespace landwaiter::agent::extract::lang {
namespace {

// The next line, without its end, taken off `text`.
std::string_view TakeLine(std::string_view& text) {
  const size_t end = text.find_first_of("\r\n");
  const std::string_view line = text.substr(0, end);
  if (end == text.npos) {
    text = {};
  } else {
    const bool both = text.substr(end, 2) == "\r\n";
    text.remove_prefix(end + (both ? 2 : 1));
  }
  return line;
}

}  // namespace

Manifest::Manifest(std::string_view text) {
  std::string* value = nullptr;  // what a continuation line belongs to
  while (!text.empty()) {
    const std::string_view line = TakeLine(text);
    if (line.empty()) {
      if (attributes_.empty()) continue;
      return;  // sections about single files follow
    }
    if (line[0] == ' ') {
      if (value != nullptr) *value += line.substr(1);
      continue;
    }
    value = nullptr;
    const auto attribute = base::SplitOnce(line, ':');
    if (!attribute.has_value()) continue;
    const auto [place, added] =
        attributes_.try_emplace(base::ToLower(attribute->first));
    if (!added) continue;
    place->second = base::Strip(attribute->second);
    value = &place->second;
  }
}

std::string_view Manifest::Get(std::string_view name) const {
  const auto found = attributes_.find(name);
  return found == attributes_.end() ? std::string_view()
                                    : std::string_view(found->second);
}

}  // namespace landwaiter::agent::extract::lang
