#ifndef LANDWAITER_CORE_BASE_HEX_H_
#define LANDWAITER_CORE_BASE_HEX_H_

#include <string>
#include <string_view>

namespace landwaiter::base {

// Lower-case hexadecimal of the bytes.
std::string HexEncode(std::string_view bytes);

// Whether every character is 0-9 or a-f (lower case, as digests have it).
bool IsLowerHex(std::string_view text);

}  // namespace landwaiter::base

#endif  // LANDWAITER_CORE_BASE_HEX_H_
