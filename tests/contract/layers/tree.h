#ifndef LANDWAITER_TESTS_CONTRACT_LAYERS_TREE_H_
#define LANDWAITER_TESTS_CONTRACT_LAYERS_TREE_H_

#include <cstdint>
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace landwaiter::contract {

// A file of a tree, as far as our list of it and what an unpacker leaves on a
// disk can be compared.
struct TreeFile {
  std::string kind;   // as file_list::ToString has it
  uint32_t mode = 0;  // 0 of a symbolic link: on a disk it has none of its own
  uint64_t uid = 0;
  uint64_t gid = 0;
  uint64_t size = 0;    // of a file
  std::string sha256;   // of a file
  std::string target;   // of a symbolic link
  std::string numbers;  // of a device

  friend bool operator==(const TreeFile&, const TreeFile&) = default;
};
// By path.
using Tree = std::map<std::string, TreeFile>;

// What our reader and our merge make of layers, lowest first: tar archives,
// compressed or not. A hard link is what it is a link to.
absl::StatusOr<Tree> OurTree(const std::vector<std::string>& layers);

// What lies below a directory.
Tree TreeOnDisk(const std::string& root);

// A line for each path that differs, with both sides; "" if the trees are
// equal. Directories that only `theirs` has do not count if something in `ours`
// is below them, or if root owns them with mode 0755: unpackers make them where
// an archive has a file in a directory and no entry of that.
std::string Differences(const Tree& ours, const Tree& theirs);

}  // namespace landwaiter::contract

#endif  // LANDWAITER_TESTS_CONTRACT_LAYERS_TREE_H_
