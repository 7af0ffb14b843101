#include "agent/extract/lang/java/manifest.h"

#include <algorithm>
#include <utility>

#include "core/base/strings.h"

namespace landwaiter::agent::extract::lang {
namespace {

// What anyone asks for; the others are not kept, as there may be very many.
constexpr std::string_view kKnown[] = {"bundle-license",
                                       "bundle-name",
                                       "bundle-symbolicname",
                                       "bundle-version",
                                       "group-id",
                                       "implementation-title",
                                       "implementation-version",
                                       "implementation-vendor-id",
                                       "plugin-license-name",
                                       "plugin-license-name-2",
                                       "plugin-license-name-3",
                                       "plugin-version",
                                       "short-name",
                                       "specification-version"};

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
  bool began = false;
  while (!text.empty()) {
    const std::string_view line = TakeLine(text);
    if (line.empty()) {
      if (!began) continue;
      return;  // sections about single files follow
    }
    if (line[0] == ' ') {
      if (value != nullptr) *value += line.substr(1);
      continue;
    }
    value = nullptr;
    const auto attribute = base::SplitOnce(line, ':');
    if (!attribute.has_value()) continue;
    began = true;
    std::string name = base::ToLower(attribute->first);
    if (std::find(std::begin(kKnown), std::end(kKnown), name) ==
        std::end(kKnown)) {
      continue;
    }
    const auto [place, added] = attributes_.try_emplace(std::move(name));
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
