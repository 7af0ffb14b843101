#ifndef LANDWAITER_AGENT_LAYER_ENTRY_SUM_H_
#define LANDWAITER_AGENT_LAYER_ENTRY_SUM_H_

#include <array>
#include <cstdint>
#include <string>

#include "core/base/hash.h"
#include "core/file_list/entry.h"

namespace landwaiter::agent::layer {

// A sum of entries that does not depend on their order: two lists have equal
// sums if they tell the same. It takes 32 bytes whatever their length, so a
// stream can be compared with a list that comes at its end. Not thread-safe.
class EntrySum {
 public:
  // Each has a key of its own, unless it is copied: who does not know it cannot
  // make two lists of one sum.
  EntrySum();
  // The same key, and no entries.
  EntrySum Empty() const;

  // Adds path, kind, mode and owner; size and digest of a file; the target of
  // a link (of a hard link, cleaned); the numbers of a device.
  void Add(const file_list::Entry& entry);

  uint64_t count() const { return count_; }
  friend bool operator==(const EntrySum& a, const EntrySum& b) {
    return a.sum_ == b.sum_ && a.count_ == b.count_;
  }

 private:
  std::string key_;
  std::array<uint64_t, 4> sum_ = {};
  uint64_t count_ = 0;
  base::Sha256 hash_;    // scratch
  std::string record_;   // scratch
  std::string cleaned_;  // scratch
};

}  // namespace landwaiter::agent::layer

#endif  // LANDWAITER_AGENT_LAYER_ENTRY_SUM_H_
