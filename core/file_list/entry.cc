#include "core/file_list/entry.h"

namespace landwaiter::file_list {

std::string_view ToString(Kind kind) {
  switch (kind) {
    case Kind::kFile:
      return "file";
    case Kind::kHardLink:
      return "hardlink";
    case Kind::kSymlink:
      return "symlink";
    case Kind::kDirectory:
      return "directory";
    case Kind::kCharDevice:
      return "chardev";
    case Kind::kBlockDevice:
      return "blockdev";
    case Kind::kFifo:
      return "fifo";
    case Kind::kOther:
      break;
  }
  return "other";
}

}  // namespace landwaiter::file_list
