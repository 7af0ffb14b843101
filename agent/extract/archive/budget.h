#ifndef LANDWAITER_AGENT_EXTRACT_ARCHIVE_BUDGET_H_
#define LANDWAITER_AGENT_EXTRACT_ARCHIVE_BUDGET_H_

#include <cstdint>

namespace landwaiter::agent::extract::archive {

// How many bytes may still be inflated, over all archives within one file.
// Archives in archives multiply: each level may be a thousand times the one
// around it, so the work has to be bounded as a whole. Not thread-safe.
class Budget {
 public:
  explicit Budget(uint64_t bytes) : left_(bytes) {}

  // In proportion to the file: no honest archive inflates to more.
  static Budget ForFileOf(uint64_t size) {
    return Budget((uint64_t{64} << 20) + 50 * size);
  }

  // False, from then on always, if fewer than `bytes` are left.
  bool Spend(uint64_t bytes) {
    if (bytes > left_) {
      left_ = 0;
      return false;
    }
    left_ -= bytes;
    return true;
  }

 private:
  uint64_t left_;
};

}  // namespace landwaiter::agent::extract::archive

#endif  // LANDWAITER_AGENT_EXTRACT_ARCHIVE_BUDGET_H_
