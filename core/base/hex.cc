#include "core/base/hex.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "core/base/strings.h"

namespace landwaiter::base {

std::string HexEncode(std::string_view bytes) {
  return absl::BytesToHexString(ToAbsl(bytes));
}

bool IsLowerHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
}

}  // namespace landwaiter::base
