#include "analyzer/version/apk.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "analyzer/version/digits.h"

namespace landwaiter::analyzer::version {
namespace {

// What comes next. When all before is equal, the version whose next part is
// the later of these is the older one.
enum class Part {
  kNumberOrFraction,  // after a dot
  kNumber,
  kLetter,
  kSuffix,
  kSuffixNumber,
  kRevision,
  kEnd,
  kInvalid,
};

constexpr std::string_view kPreReleases[] = {"alpha", "beta", "pre", "rc"};
constexpr std::string_view kPostReleases[] = {"cvs", "svn", "git", "hg", "p"};
// More digits do not fit; apk calls such a version invalid.
constexpr size_t kMaxDigits = 18;

// Reads a version part by part.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  Part part() const { return part_; }

  // Zeros are followed by the number's other digits, of which there may be
  // none: then moves on to what there is. (apk-tools 2 does not, so that there
  // "1.0_rc1" without a revision is newer than "1.0"; 3 does.)
  void SkipEmptyNumber() {
    const bool digit = !rest_.empty() && IsDigit(rest_.front());
    if (part_ == Part::kNumber && !digit) MoveOn();
  }

  // The value of the present part; moves to the next.
  int64_t Take() {
    if (rest_.empty()) {
      part_ = Part::kEnd;
      return 0;
    }
    switch (part_) {
      case Part::kNumberOrFraction:
        if (rest_.front() == '0') return TakeZeros();
        return TakeNumber();
      case Part::kNumber:
      case Part::kSuffixNumber:
      case Part::kRevision:
        return TakeNumber();
      case Part::kLetter: {
        const int64_t letter = static_cast<unsigned char>(rest_.front());
        rest_.remove_prefix(1);
        MoveOn();
        return letter;
      }
      case Part::kSuffix:
        return TakeSuffix();
      case Part::kInvalid:
      case Part::kEnd:
        break;
    }
    part_ = Part::kInvalid;
    return -1;
  }

 private:
  // Leading zeros make a fraction: the more of them, the less it is.
  int64_t TakeZeros() {
    const size_t zeros =
        TakeWhile(rest_, [](char c) { return c == '0'; }).size();
    part_ = rest_.empty() ? Part::kEnd : Part::kNumber;
    return -static_cast<int64_t>(zeros);
  }

  int64_t TakeNumber() {
    const std::string_view digits = TakeWhile(rest_, IsDigit);
    if (digits.size() >= kMaxDigits) {
      part_ = Part::kInvalid;
      return -1;
    }
    int64_t value = 0;
    for (const char c : digits) value = value * 10 + (c - '0');
    MoveOn();
    return value;
  }

  int64_t TakeSuffix() {
    const auto starts = [&](std::string_view s) {
      return rest_.starts_with(s);
    };
    const auto take = [&](const auto* suffix) {
      rest_.remove_prefix(suffix->size());
      MoveOn();
    };
    const auto* pre =
        std::find_if(std::begin(kPreReleases), std::end(kPreReleases), starts);
    if (pre != std::end(kPreReleases)) {
      take(pre);
      return pre - std::end(kPreReleases);
    }
    const auto* post = std::find_if(std::begin(kPostReleases),
                                    std::end(kPostReleases), starts);
    if (post != std::end(kPostReleases)) {
      take(post);
      return post - std::begin(kPostReleases);
    }
    part_ = Part::kInvalid;
    return -1;
  }

  void MoveOn() {
    const Part next = Next();
    const bool goes_back =
        (next == Part::kNumberOrFraction && part_ == Part::kNumber) ||
        (next == Part::kSuffix && part_ == Part::kSuffixNumber) ||
        (next == Part::kNumber && part_ == Part::kLetter);
    part_ = next < part_ && !goes_back ? Part::kInvalid : next;
  }

  // The part that the rest starts with; its mark ("." "_" "-r") is consumed.
  Part Next() {
    if (!rest_.empty() && rest_.front() == '~') SkipHash();
    if (rest_.empty()) return Part::kEnd;
    const char c = rest_.front();
    const bool after_number =
        part_ == Part::kNumber || part_ == Part::kNumberOrFraction;
    if (after_number && IsLower(c)) return Part::kLetter;
    if (part_ == Part::kLetter && IsDigit(c)) return Part::kNumber;
    if (part_ == Part::kSuffix && IsDigit(c)) return Part::kSuffixNumber;
    rest_.remove_prefix(1);
    if (c == '.') return Part::kNumberOrFraction;
    if (c == '_') return Part::kSuffix;
    if (c == '-' && rest_.starts_with('r') &&
        (rest_.size() == 1 || !IsAlpha(rest_[1]))) {
      rest_.remove_prefix(1);
      return Part::kRevision;
    }
    return Part::kInvalid;
  }

  void SkipHash() {
    rest_.remove_prefix(1);
    TakeWhile(rest_,
              [](char c) { return IsDigit(c) || (c >= 'a' && c <= 'f'); });
  }

  std::string_view rest_;
  Part part_ = Part::kNumber;
};

}  // namespace

std::weak_ordering CompareApk(std::string_view a, std::string_view b) {
  Cursor left(a), right(b);
  int64_t left_value = 0, right_value = 0;
  while (left.part() == right.part() && left.part() != Part::kEnd &&
         left.part() != Part::kInvalid && left_value == right_value) {
    left_value = left.Take();
    right_value = right.Take();
  }
  if (left_value != right_value) return left_value <=> right_value;
  if (left.part() == right.part()) return std::weak_ordering::equivalent;

  // One goes on where the other does not, or they go on differently: the one
  // that goes on is newer, but for a suffix of a pre-release.
  left.SkipEmptyNumber();
  right.SkipEmptyNumber();
  const Part left_part = left.part(), right_part = right.part();
  if (left_part == Part::kSuffix && left.Take() < 0) {
    return std::weak_ordering::less;
  }
  if (right_part == Part::kSuffix && right.Take() < 0) {
    return std::weak_ordering::greater;
  }
  return right_part <=> left_part;
}

}  // namespace landwaiter::analyzer::version
