#include "analyzer/version/dpkg.h"

#include <algorithm>

#include "analyzer/version/digits.h"

namespace landwaiter::analyzer::version {
namespace {

struct Parts {
  std::string_view epoch;
  std::string_view upstream;
  std::string_view revision;
};

Parts SplitVersion(std::string_view text) {
  Parts parts;
  const size_t colon = text.find(':');
  if (colon != text.npos) {
    const std::string_view epoch = text.substr(0, colon);
    if (std::all_of(epoch.begin(), epoch.end(), IsDigit)) {
      parts.epoch = epoch;
      text.remove_prefix(colon + 1);
    }
  }
  const size_t hyphen = text.rfind('-');
  parts.upstream = text.substr(0, hyphen);
  if (hyphen != text.npos) parts.revision = text.substr(hyphen + 1);
  return parts;
}

// The weight of the next character of a run that is no number: a tilde sorts
// before the end, the end (or a digit) before letters, letters before the
// rest.
int Weight(std::string_view text) {
  if (text.empty() || IsDigit(text.front())) return 0;
  const char c = text.front();
  if (c == '~') return -1;
  const int code = static_cast<unsigned char>(c);
  return IsAlpha(c) ? code : code + 256;
}

// Runs of other characters and of digits, by turns.
std::weak_ordering ComparePart(std::string_view a, std::string_view b) {
  while (!a.empty() || !b.empty()) {
    while (Weight(a) != 0 || Weight(b) != 0) {
      if (const auto order = Weight(a) <=> Weight(b); order != 0) return order;
      a.remove_prefix(1);
      b.remove_prefix(1);
    }
    const auto order =
        CompareNumbers(TakeWhile(a, IsDigit), TakeWhile(b, IsDigit));
    if (order != 0) return order;
  }
  return std::weak_ordering::equivalent;
}

}  // namespace

std::weak_ordering CompareDpkg(std::string_view a, std::string_view b) {
  const Parts left = SplitVersion(a), right = SplitVersion(b);
  if (const auto order = CompareNumbers(left.epoch, right.epoch); order != 0) {
    return order;
  }
  const std::weak_ordering upstream =
      ComparePart(left.upstream, right.upstream);
  return upstream != 0 ? upstream : ComparePart(left.revision, right.revision);
}

}  // namespace landwaiter::analyzer::version
