#include "agent/extract/software/version_search.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "absl/strings/ascii.h"
#include "core/base/failure.h"

namespace landwaiter::agent::extract::software {
namespace {

constexpr size_t kBlock = size_t{256} << 10;
// Of a text and its version together; both are seen whole within a block.
constexpr size_t kReach = 128;
constexpr size_t kMaxVersion = 40;

bool IsDigit(char c) { return absl::ascii_isdigit(c); }
bool IsPart(char c) { return IsDigit(c) || c == '.'; }

size_t Digits(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), IsDigit);
  return static_cast<size_t>(end - text.begin());
}

// The length of "rc1", "-beta2", or of OpenSSL's "w".
size_t Suffix(std::string_view text) {
  const size_t dash = text.starts_with('-') ? 1 : 0;
  for (std::string_view stage : {"alpha", "beta", "rc", "a", "b"}) {
    if (!text.substr(dash).starts_with(stage)) continue;
    const size_t digits = Digits(text.substr(dash + stage.size()));
    if (digits > 0) return dash + stage.size() + digits;
  }
  size_t letters = 0;
  while (letters < text.size() && absl::ascii_islower(text[letters])) {
    ++letters;
  }
  return letters <= 2 ? letters : 0;
}

using Numbers = std::array<uint64_t, 3>;

Numbers NumbersOf(std::string_view version) {
  Numbers numbers{};
  size_t at = 0;
  for (uint64_t& number : numbers) {
    const size_t digits = Digits(version.substr(at));
    for (const char c : version.substr(at, std::min<size_t>(digits, 9))) {
      number = number * 10 + static_cast<uint64_t>(c - '0');
    }
    at = std::min(version.size(), at + digits + 1);
  }
  return numbers;
}

// "3.11." of "usr/lib/libpython3.11.so.1.0".
std::string SeriesOf(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const size_t begin = name.find_first_of("0123456789");
  if (begin == name.npos) return {};
  std::string_view series = name.substr(begin);
  const size_t major = Digits(series);
  if (major >= series.size() || series[major] != '.') return {};
  const size_t minor = Digits(series.substr(major + 1));
  if (minor == 0) return {};
  return std::string(series.substr(0, major + 1 + minor)) + ".";
}

// Takes the blocks one after the other for one signature.
class Search {
 public:
  Search(const Signature& signature, std::string_view path)
      : signature_(signature),
        needle_(signature.form == Form::kOfSeries
                    ? SeriesOf(path)
                    : std::string(signature.text)) {}

  // Looks for what begins at [1, end) in the window. Before it lies a byte of
  // context, and behind it, but at the file's end, kReach bytes.
  void Look(std::string_view window, size_t end) {
    if (done()) return;
    switch (signature_.form) {
      case Form::kBehind:
        return LookForText(window, end, [&](size_t at) {
          return TakeVersion(window.substr(at + needle_.size()),
                             signature_.parts);
        });
      case Form::kBefore:
        return LookForText(window, end,
                           [&](size_t at) { return Before(window, at); });
      case Form::kOfSeries:
        if (needle_.empty()) return;
        return LookForText(window, end,
                           [&](size_t at) { return EndOf(window, at); });
      case Form::kLargest:
        return LookForLargest(window, end);
    }
  }

  bool done() const {
    return signature_.form != Form::kLargest && !version_.empty();
  }
  const Signature& signature() const { return signature_; }
  const std::string& version() const { return version_; }

 private:
  template <typename VersionAt>
  void LookForText(std::string_view window, size_t end, VersionAt version_at) {
    for (size_t at = window.find(needle_, 1); at < end && version_.empty();
         at = window.find(needle_, at + 1)) {
      version_ = version_at(at);
    }
  }

  // The version between a string's beginning and `at`.
  std::string_view Before(std::string_view window, size_t at) const {
    size_t begin = at;
    while (begin > 0 && at - begin < kMaxVersion && IsPart(window[begin - 1])) {
      --begin;
    }
    if (begin == 0 || window[begin - 1] != '\0') return {};
    const std::string_view text = window.substr(begin, at - begin);
    const std::string_view version = TakeVersion(text, signature_.parts);
    return version.size() == text.size() ? version : std::string_view();
  }

  // The version that begins at `at` and ends its string.
  std::string_view EndOf(std::string_view window, size_t at) const {
    if (IsPart(window[at - 1])) return {};
    const std::string_view text = window.substr(at, kMaxVersion);
    const std::string_view version = TakeVersion(text, signature_.parts);
    if (version.size() == text.size() || text[version.size()] != '\0') {
      return {};
    }
    return version;
  }

  void LookForLargest(std::string_view window, size_t end) {
    for (size_t at = window.find('\0'); at != window.npos && at + 1 < end;
         at = window.find('\0', at + 1)) {
      if (!IsDigit(window[at + 1])) continue;
      const std::string_view version = EndOf(window, at + 1);
      // Four numbers are an address.
      if (version.empty() ||
          std::count(version.begin(), version.end(), '.') != 2 ||
          NumbersOf(version) <= largest_)
        continue;
      largest_ = NumbersOf(version);
      version_ = version;
    }
  }

  const Signature& signature_;
  const std::string needle_;
  std::string version_;
  Numbers largest_{};
};

// The product's first signature that found something counts.
std::vector<Found> Results(const std::vector<Search>& searches) {
  std::vector<Found> results;
  for (const Search& search : searches) {
    if (search.version().empty()) continue;
    const std::string_view product = search.signature().product;
    if (std::any_of(results.begin(), results.end(), [&](const Found& found) {
          return found.product == product;
        })) {
      continue;
    }
    results.push_back({product, search.version()});
  }
  return results;
}

}  // namespace

std::string_view TakeVersion(std::string_view text, int parts) {
  size_t size = Digits(text);
  int numbers = size > 0 ? 1 : 0;
  while (numbers > 0 && size + 1 < text.size() && text[size] == '.' &&
         IsDigit(text[size + 1])) {
    size += 1 + Digits(text.substr(size + 1));
    ++numbers;
  }
  if (numbers < parts || size > kMaxVersion) return {};
  size += Suffix(text.substr(size));
  if (size < text.size() &&
      (absl::ascii_isalnum(text[size]) || text[size] == '_')) {
    return {};
  }
  return size > kMaxVersion ? std::string_view() : text.substr(0, size);
}

absl::StatusOr<std::vector<Found>> FindVersions(
    File& file, std::string_view path,
    const std::vector<const Signature*>& signatures) {
  std::vector<Search> searches;
  for (const Signature* signature : signatures) {
    searches.emplace_back(*signature, path);
  }
  std::string window(1, '\0');
  for (uint64_t offset = 0; offset < file.size();) {
    const size_t kept = window.size();
    window.resize(kept + kBlock);
    LANDWAITER_ASSIGN_OR_RETURN(
        const size_t n, file.ReadAt(offset, window.data() + kept, kBlock));
    if (n == 0) break;
    window.resize(kept + n);
    offset += n;
    const bool last = offset == file.size();
    if (!last && window.size() <= 2 * kReach) continue;
    const size_t end = last ? window.size() : window.size() - kReach;
    bool done = true;
    for (Search& search : searches) {
      search.Look(window, end);
      done = done && search.done();
    }
    if (done) break;
    // What was looked at stays for versions before a text.
    window.erase(0, end - std::min(end, kReach));
  }
  return Results(searches);
}

}  // namespace landwaiter::agent::extract::software
