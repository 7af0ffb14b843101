#include "analyzer/version/pep440.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/version/digits.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::version {
namespace {

using Numbers = std::vector<std::string_view>;

// The specification's names and their order.
enum class Pre { kAlpha, kBeta, kCandidate };

struct Version {
  std::string_view epoch;
  Numbers release;  // without zeros at the end
  std::optional<std::pair<Pre, std::string_view>> pre;
  std::optional<std::string_view> post;
  std::optional<std::string_view> dev;
  std::vector<std::string_view> local;
};

bool IsLocal(char c) { return IsDigit(c) || IsLower(c); }
bool IsSeparator(char c) { return c == '-' || c == '_' || c == '.'; }

// Reads the regular expression of PEP 440's appendix B by hand.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  std::optional<Version> Parse() {
    Version version;
    Take("v");
    if (!ReadEpochAndRelease(version)) return std::nullopt;
    ReadPre(version);
    ReadPost(version);
    if (const auto number = ReadNamed({"dev"})) version.dev = *number;
    if (!ReadLocal(version) || !text_.empty()) return std::nullopt;
    return version;
  }

 private:
  bool Take(std::string_view prefix) {
    if (!text_.starts_with(prefix)) return false;
    text_.remove_prefix(prefix.size());
    return true;
  }

  bool ReadEpochAndRelease(Version& version) {
    std::string_view number = TakeWhile(text_, IsDigit);
    if (!number.empty() && Take("!")) {
      version.epoch = number;
      number = TakeWhile(text_, IsDigit);
    }
    if (number.empty()) return false;
    version.release.push_back(number);
    while (text_.size() > 1 && text_[0] == '.' && IsDigit(text_[1])) {
      text_.remove_prefix(1);
      version.release.push_back(TakeWhile(text_, IsDigit));
    }
    while (!version.release.empty() &&
           CompareNumbers(version.release.back(), "0") == 0) {
      version.release.pop_back();
    }
    return true;
  }

  // "[-_.]?NAME[-_.]?[0-9]*": the number, which may be empty.
  std::optional<std::string_view> ReadNamed(
      std::initializer_list<std::string_view> names) {
    const std::string_view start = text_;
    if (!text_.empty() && IsSeparator(text_.front())) text_.remove_prefix(1);
    for (const std::string_view name : names) {
      if (!Take(name)) continue;
      if (!text_.empty() && IsSeparator(text_.front())) {
        // It may as well begin what follows ("1.0a.dev1").
        const bool number = text_.size() > 1 && IsDigit(text_[1]);
        if (number || text_.size() == 1) text_.remove_prefix(1);
      }
      return TakeWhile(text_, IsDigit);
    }
    text_ = start;
    return std::nullopt;
  }

  void ReadPre(Version& version) {
    if (const auto alpha = ReadNamed({"alpha", "a"})) {
      version.pre = {Pre::kAlpha, *alpha};
    } else if (const auto beta = ReadNamed({"beta", "b"})) {
      version.pre = {Pre::kBeta, *beta};
    } else if (const auto rc = ReadNamed({"preview", "pre", "rc", "c"})) {
      version.pre = {Pre::kCandidate, *rc};
    }
  }

  void ReadPost(Version& version) {
    if (text_.size() > 1 && text_[0] == '-' && IsDigit(text_[1])) {
      text_.remove_prefix(1);
      version.post = TakeWhile(text_, IsDigit);
    } else if (const auto number = ReadNamed({"post", "rev", "r"})) {
      version.post = *number;
    }
  }

  bool ReadLocal(Version& version) {
    if (!Take("+")) return true;
    while (true) {
      const std::string_view part = TakeWhile(text_, IsLocal);
      if (part.empty()) return false;
      version.local.push_back(part);
      if (text_.empty() || !IsSeparator(text_.front())) return true;
      text_.remove_prefix(1);
    }
  }

  std::string_view text_;
};

std::weak_ordering CompareReleases(const Numbers& a, const Numbers& b) {
  for (size_t i = 0; i < a.size() && i < b.size(); ++i) {
    if (const auto order = CompareNumbers(a[i], b[i]); order != 0) return order;
  }
  return a.size() <=> b.size();
}

// Where a version without a pre-release stands: a development release of the
// version itself before all of them, anything else behind.
int PreRank(const Version& version) {
  if (version.pre) return static_cast<int>(version.pre->first);
  return !version.post && version.dev ? -1 : 3;
}

std::weak_ordering ComparePres(const Version& a, const Version& b) {
  if (const auto order = PreRank(a) <=> PreRank(b); order != 0) return order;
  if (!a.pre) return std::weak_ordering::equivalent;
  return CompareNumbers(a.pre->second, b.pre->second);
}

// None is `none` relative to any.
std::weak_ordering CompareOptional(const std::optional<std::string_view>& a,
                                   const std::optional<std::string_view>& b,
                                   std::weak_ordering none) {
  if (a && b) return CompareNumbers(*a, *b);
  if (!a && !b) return std::weak_ordering::equivalent;
  return a ? 0 <=> none : none;
}

bool IsNumber(std::string_view text) {
  return std::all_of(text.begin(), text.end(), IsDigit);
}

std::weak_ordering CompareLocals(const std::vector<std::string_view>& a,
                                 const std::vector<std::string_view>& b) {
  for (size_t i = 0; i < a.size() && i < b.size(); ++i) {
    const bool number = IsNumber(a[i]);
    if (number != IsNumber(b[i])) {
      return number ? std::weak_ordering::greater : std::weak_ordering::less;
    }
    const std::weak_ordering order =
        number ? std::weak_ordering(CompareNumbers(a[i], b[i])) : a[i] <=> b[i];
    if (order != 0) return order;
  }
  return a.size() <=> b.size();
}

std::weak_ordering CompareVersions(const Version& a, const Version& b) {
  if (const auto order = CompareNumbers(a.epoch, b.epoch); order != 0) {
    return order;
  }
  if (const auto order = CompareReleases(a.release, b.release); order != 0) {
    return order;
  }
  if (const auto order = ComparePres(a, b); order != 0) return order;
  if (const auto order =
          CompareOptional(a.post, b.post, std::weak_ordering::less);
      order != 0) {
    return order;
  }
  if (const auto order =
          CompareOptional(a.dev, b.dev, std::weak_ordering::greater);
      order != 0) {
    return order;
  }
  return CompareLocals(a.local, b.local);
}

// The old order: numbers and words, where a word is less than a number and
// "*final" stands at the end.
using LegacyParts = std::vector<std::string>;

std::string_view LegacyWord(std::string_view word) {
  if (word == "pre" || word == "preview" || word == "rc") return "c";
  if (word == "-") return "final-";
  if (word == "dev") return "@";
  return word;
}

void AddLegacyWord(LegacyParts& parts, std::string word) {
  if (word < "*final") {
    while (!parts.empty() && parts.back() == "*final-") parts.pop_back();
    while (!parts.empty() && IsNumber(parts.back()) &&
           CompareNumbers(parts.back(), "0") == 0) {
      parts.pop_back();
    }
  }
  parts.push_back(std::move(word));
}

LegacyParts SplitLegacy(std::string_view text) {
  LegacyParts parts;
  while (!text.empty()) {
    if (IsDigit(text.front())) {
      parts.emplace_back(TakeWhile(text, IsDigit));
      continue;
    }
    std::string_view word = TakeWhile(text, IsLower);
    if (word.empty()) {
      word = text.substr(0, 1);
      text.remove_prefix(1);
    }
    if (word != ".") {
      AddLegacyWord(parts, base::StrCat("*", LegacyWord(word)));
    }
  }
  AddLegacyWord(parts, "*final");
  return parts;
}

std::weak_ordering CompareLegacy(std::string_view a, std::string_view b) {
  const LegacyParts left = SplitLegacy(a), right = SplitLegacy(b);
  for (size_t i = 0; i < left.size() && i < right.size(); ++i) {
    const bool number = IsNumber(left[i]);
    if (number != IsNumber(right[i])) {
      return number ? std::weak_ordering::greater : std::weak_ordering::less;
    }
    const std::weak_ordering order =
        number ? std::weak_ordering(CompareNumbers(left[i], right[i]))
               : left[i] <=> right[i];
    if (order != 0) return order;
  }
  return left.size() <=> right.size();
}

}  // namespace

std::weak_ordering ComparePep440(std::string_view a, std::string_view b) {
  const std::string lower_a = base::ToLower(base::Strip(a));
  const std::string lower_b = base::ToLower(base::Strip(b));
  const auto left = Parser(lower_a).Parse(), right = Parser(lower_b).Parse();
  if (left && right) return CompareVersions(*left, *right);
  if (left || right) return left.has_value() <=> right.has_value();
  return CompareLegacy(lower_a, lower_b);
}

}  // namespace landwaiter::analyzer::version
