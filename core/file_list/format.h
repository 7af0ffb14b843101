#ifndef LANDWAITER_CORE_FILE_LIST_FORMAT_H_
#define LANDWAITER_CORE_FILE_LIST_FORMAT_H_

#include <cstdint>
#include <string_view>

// What writer.cc and reader.cc share; the format is told in writer.h.
namespace landwaiter::file_list {

inline constexpr std::string_view kMagic = "LWF1";
inline constexpr uint8_t kKindMask = 7;
inline constexpr uint8_t kSameOwner = 1 << 3;
inline constexpr uint8_t kHasCapability = 1 << 4;
inline constexpr uint8_t kHasElf = 1 << 5;
// Bits that no record has.
inline constexpr uint8_t kUnknownFlags = 0xc0;

// zstd: a window of 1 MiB, wherever the list is made.
inline constexpr int kWindowLog = 20;

}  // namespace landwaiter::file_list

#endif  // LANDWAITER_CORE_FILE_LIST_FORMAT_H_
