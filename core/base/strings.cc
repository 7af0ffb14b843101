#include "core/base/strings.h"

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"

namespace landwaiter::base {
namespace {

template <typename Number>
std::optional<Number> Parse(std::string_view text) {
  // SimpleAtoi would take white space and a plus sign.
  const bool starts_as_number =
      !text.empty() && (absl::ascii_isdigit(text.front()) ||
                        (text.front() == '-' && std::is_signed_v<Number>));
  Number number;
  if (!starts_as_number || !absl::ascii_isdigit(text.back()) ||
      !absl::SimpleAtoi(ToAbsl(text), &number)) {
    return std::nullopt;
  }
  return number;
}

// The length of the valid UTF-8 sequence at the start of `text`, or 0
// (Unicode 15, table 3-7).
size_t ValidSequence(std::string_view text) {
  const auto at = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = at(0);
  if (lead < 0x80) return 1;
  size_t length = 0;
  unsigned char low = 0x80, high = 0xBF;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
  } else {
    return 0;
  }
  if (text.size() < length || at(1) < low || at(1) > high) return 0;
  for (size_t i = 2; i < length; ++i) {
    if (at(i) < 0x80 || at(i) > 0xBF) return 0;
  }
  return length;
}

}  // namespace

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  size_t start = 0;
  for (size_t end; (end = text.find(separator, start)) != text.npos;
       start = end + 1) {
    pieces.push_back(text.substr(start, end - start));
  }
  pieces.push_back(text.substr(start));
  return pieces;
}

std::optional<std::pair<std::string_view, std::string_view>> SplitOnce(
    std::string_view text, char separator) {
  const size_t at = text.find(separator);
  if (at == text.npos) return std::nullopt;
  return std::pair{text.substr(0, at), text.substr(at + 1)};
}

std::string_view Strip(std::string_view text) {
  return ToStd(absl::StripAsciiWhitespace(ToAbsl(text)));
}

bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  return absl::EqualsIgnoreCase(ToAbsl(a), ToAbsl(b));
}

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != text.npos;
}

std::string ToLower(std::string_view text) {
  return absl::AsciiStrToLower(ToAbsl(text));
}

std::string Printable(std::string_view text, size_t max) {
  return absl::CEscape(ToAbsl(text.substr(0, max)));
}

std::optional<int64_t> ParseInt64(std::string_view text) {
  return Parse<int64_t>(text);
}

std::optional<uint64_t> ParseUint64(std::string_view text) {
  return Parse<uint64_t>(text);
}

std::string ToValidUtf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  while (!text.empty()) {
    const size_t length = ValidSequence(text);
    if (length == 0) {
      valid += "\xEF\xBF\xBD";
      text.remove_prefix(1);
    } else {
      valid.append(text.substr(0, length));
      text.remove_prefix(length);
    }
  }
  return valid;
}

}  // namespace landwaiter::base
