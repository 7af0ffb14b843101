#ifndef LANDWAITER_CORE_BASE_STRINGS_H_
#define LANDWAITER_CORE_BASE_STRINGS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

// Debian builds abseil with a string_view of its own, which std::string_view
// does not convert to. The project speaks std::string_view; these few
// functions are where the two meet (docs/adr/0002-string-view.md).
namespace landwaiter::base {

inline absl::string_view ToAbsl(std::string_view text) {
  return {text.data(), text.size()};
}
inline std::string_view ToStd(absl::string_view text) {
  return {text.data(), text.size()};
}

template <typename T>
decltype(auto) AbslArgument(const T& value) {
  if constexpr (std::is_same_v<T, std::string_view>) {
    return ToAbsl(value);
  } else {
    return (value);
  }
}

// absl::StrCat and absl::StrAppend, for std::string_view too.
template <typename... Parts>
std::string StrCat(const Parts&... parts) {
  return absl::StrCat(AbslArgument(parts)...);
}
template <typename... Parts>
void StrAppend(std::string* text, const Parts&... parts) {
  absl::StrAppend(text, AbslArgument(parts)...);
}

// The pieces of `text` between `separator`s; n separators give n + 1 pieces,
// empty ones too. The pieces point into `text`.
std::vector<std::string_view> Split(std::string_view text, char separator);
// The part before and the part after the first `separator`; nullopt without
// one.
std::optional<std::pair<std::string_view, std::string_view>> SplitOnce(
    std::string_view text, char separator);
// Without ASCII white space at both ends.
std::string_view Strip(std::string_view text);
bool EqualsIgnoreCase(std::string_view a, std::string_view b);
bool Contains(std::string_view text, std::string_view part);
std::string ToLower(std::string_view text);
// Escapes what does not print (C style) and cuts at `max` bytes: for putting
// hostile text into a message.
std::string Printable(std::string_view text, size_t max = 200);
// The whole of `text` as a decimal number; nullopt if it is not one or does
// not fit.
std::optional<int64_t> ParseInt64(std::string_view text);
std::optional<uint64_t> ParseUint64(std::string_view text);
// Valid UTF-8: each byte that is not part of a valid sequence is replaced by
// U+FFFD.
std::string ToValidUtf8(std::string_view text);

}  // namespace landwaiter::base

#endif  // LANDWAITER_CORE_BASE_STRINGS_H_
