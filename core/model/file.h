#ifndef LANDWAITER_CORE_MODEL_FILE_H_
#define LANDWAITER_CORE_MODEL_FILE_H_

#include <cstdint>
#include <string>

#include "core/model/digest.h"

namespace landwaiter::model {

// One file of a merged image: anything that has a path.
struct File {
  std::string path;   // clean, relative to the root; bytes
  std::string kind;   // as file_list::ToString has it: "file", "symlink" ...
  uint32_t mode = 0;  // permissions with setuid, setgid, sticky: 07777
  uint64_t uid = 0;
  uint64_t gid = 0;
  // Of a regular file. A hard link has what it links to.
  uint64_t size = 0;         // bytes
  std::string sha256;        // hexadecimal
  std::string capability;    // security.capability, hexadecimal; empty: none
  std::string architecture;  // of an ELF file, as file_list::ElfArchitecture
  std::string target;        // of a link, as the archive has it
  uint64_t major = 0;        // of a device
  uint64_t minor = 0;
  Digest layer;  // blob digest of the layer that has it

  friend bool operator==(const File&, const File&) = default;
};

}  // namespace landwaiter::model

#endif  // LANDWAITER_CORE_MODEL_FILE_H_
