#ifndef LANDWAITER_CORE_TEXT_UTF8_H_
#define LANDWAITER_CORE_TEXT_UTF8_H_

#include <cstdint>
#include <string>

namespace landwaiter::text {

// Appends the character; U+FFFD for a number that is none.
inline void AppendUtf8(uint32_t code, std::string& text) {
  if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) code = 0xFFFD;
  if (code < 0x80) {
    text.push_back(static_cast<char>(code));
    return;
  }
  if (code < 0x800) {
    text.push_back(static_cast<char>(0xC0 | code >> 6));
  } else {
    if (code < 0x10000) {
      text.push_back(static_cast<char>(0xE0 | code >> 12));
    } else {
      text.push_back(static_cast<char>(0xF0 | code >> 18));
      text.push_back(static_cast<char>(0x80 | (code >> 12 & 0x3F)));
    }
    text.push_back(static_cast<char>(0x80 | (code >> 6 & 0x3F)));
  }
  text.push_back(static_cast<char>(0x80 | (code & 0x3F)));
}

// The value of a hexadecimal digit; -1 for any other byte.
inline int HexDigit(int byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
  if (byte >= 'A' && byte <= 'F') return byte - 'A' + 10;
  return -1;
}

}  // namespace landwaiter::text

#endif  // LANDWAITER_CORE_TEXT_UTF8_H_
