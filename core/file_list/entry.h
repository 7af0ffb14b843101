#ifndef LANDWAITER_CORE_FILE_LIST_ENTRY_H_
#define LANDWAITER_CORE_FILE_LIST_ENTRY_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace landwaiter::file_list {

enum class Kind : uint8_t {
  kFile = 0,
  kHardLink = 1,
  kSymlink = 2,
  kDirectory = 3,
  kCharDevice = 4,
  kBlockDevice = 5,
  kFifo = 6,
  kOther = 7,  // a tar entry of a type that no runtime knows
};

inline constexpr size_t kSha256Bytes = 32;
inline constexpr size_t kMaxPathBytes = 4096;
// linux/capability.h: the longest there is (revision 3) has 24.
inline constexpr size_t kMaxCapabilityBytes = 64;

// One entry of a layer, or of an image. The views belong to who gives it.
struct Entry {
  Kind kind = Kind::kOther;
  std::string_view path;  // clean, relative to the root
  uint32_t mode = 0;      // permissions with setuid, setgid, sticky: 07777
  uint64_t uid = 0;
  uint64_t gid = 0;
  // Of a regular file: its size with holes, in bytes; the SHA-256 of its
  // content, kSha256Bytes raw; its capabilities as the extended attribute
  // security.capability has them, empty for none; and what it runs on if it
  // is an ELF file (elf.h), else 0.
  uint64_t size = 0;
  std::string_view sha256;
  std::string_view capability;
  uint32_t elf = 0;
  // Of a link: where to, as the archive has it.
  std::string_view target;
  // Of a device.
  uint64_t major = 0;
  uint64_t minor = 0;

  friend bool operator==(const Entry&, const Entry&) = default;
};

// "file", "hardlink", "symlink", "directory", "chardev", "blockdev", "fifo",
// "other".
std::string_view ToString(Kind kind);

}  // namespace landwaiter::file_list

#endif  // LANDWAITER_CORE_FILE_LIST_ENTRY_H_
