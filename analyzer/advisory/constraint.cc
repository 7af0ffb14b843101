#include "analyzer/advisory/constraint.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "analyzer/version/packagist.h"
#include "analyzer/version/rubygems.h"
#include "analyzer/version/semver.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

constexpr size_t kMaxText = 8192, kMaxVersion = 128, kMaxIntervals = 500;

absl::Status Bad(std::string_view what) {
  return absl::InvalidArgumentError(
      base::StrCat("no constraint: ", base::Printable(what, 80)));
}

bool IsOperator(char c) {
  return c == '<' || c == '>' || c == '=' || c == '!' || c == '~' || c == '^';
}
bool IsBlank(char c) {
  return c == ' ' || c == ',' || c == '\t' || c == '\n' || c == '\r';
}
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsVersion(std::string_view text) {
  return !text.empty() && text.size() <= kMaxVersion &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return IsDigit(c) || (c >= 'a' && c <= 'z') ||
                  (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '+' ||
                  c == '_' || c == '*' || c == '@';
         });
}
bool IsWild(std::string_view part) {
  return part == "*" || part == "x" || part == "X";
}

// A version as constraints see it: "v1.2.x" has 1 and 2 and is wild.
struct Numbers {
  std::vector<uint64_t> parts;  // up to what is no number
  bool wild = false;            // the rest is a "*" or an "x"
  bool whole = false;           // there is no rest
};
Numbers NumbersOf(std::string_view version) {
  if (version.starts_with('v') || version.starts_with('=')) {
    version.remove_prefix(1);
  }
  Numbers numbers;
  for (const std::string_view part : base::Split(version, '.')) {
    const auto number = base::ParseUint64(part);
    if (number && *number < UINT64_MAX) {
      numbers.parts.push_back(*number);
      continue;
    }
    numbers.wild = IsWild(part);
    // "3-beta" counts as a third number.
    const size_t digits = part.find_first_not_of("0123456789");
    const auto lead = base::ParseUint64(part.substr(0, digits));
    if (lead && *lead < UINT64_MAX) numbers.parts.push_back(*lead);
    return numbers;
  }
  numbers.whole = true;
  return numbers;
}

class Parser {
 public:
  Parser(std::string_view text, const Dialect& dialect)
      : text_(text), dialect_(dialect) {}

  absl::StatusOr<VersionSet> Parse() {
    VersionSet set;
    if (text_.size() > kMaxText) return Bad("it is too long");
    while (true) {
      const size_t end = text_.find("||");
      rest_ = text_.substr(0, end);
      LANDWAITER_RETURN_IF_ERROR(Alternative(set));
      if (set.size() > kMaxIntervals) return Bad("it has too many parts");
      if (end == text_.npos) return set;
      text_.remove_prefix(end + 2);
    }
  }

 private:
  // Comparisons of which all hold.
  absl::Status Alternative(VersionSet& set) {
    VersionSet all = {Interval{}};
    size_t comparisons = 0;
    while (SkipBlanks(), !rest_.empty()) {
      LANDWAITER_ASSIGN_OR_RETURN(const VersionSet one, Comparison());
      VersionSet both;
      for (const Interval& a : all) {
        for (const Interval& b : one) {
          if (auto meet = Intersect(a, b)) both.push_back(*std::move(meet));
        }
      }
      all = std::move(both);
      if (++comparisons > kMaxIntervals || all.size() > kMaxIntervals) {
        return Bad("it has too many parts");
      }
    }
    set.insert(set.end(), all.begin(), all.end());
    return absl::OkStatus();
  }

  absl::StatusOr<VersionSet> Comparison() {
    std::string op;
    while (!rest_.empty() && IsOperator(rest_[0])) op += Take();
    SkipBlanks();
    const std::string_view version = TakeVersion();
    if (!IsVersion(version)) return Bad(version);
    SkipBlanks();
    if (rest_.starts_with("- ") && op.empty()) {  // "1.0 - 2.0"
      rest_.remove_prefix(2);
      SkipBlanks();
      const std::string_view high = TakeVersion();
      if (!IsVersion(high)) return Bad(high);
      return VersionSet{{Bound{std::string(version), true}, UpTo(high)}};
    }
    return Apply(op, version);
  }

  absl::StatusOr<VersionSet> Apply(std::string_view op,
                                   std::string_view version) {
    const Numbers numbers = NumbersOf(version);
    if (IsWild(version)) return VersionSet{Interval{}};
    if (numbers.parts.empty()) return Bad(version);
    const Bound at{std::string(Plain(version)), true};
    const Bound beside{at.version, false};
    const bool partial = numbers.wild || (dialect_.padded && numbers.whole &&
                                          numbers.parts.size() < 3);
    if (op == ">=") return VersionSet{{at, {}}};
    if (op == "<") return VersionSet{{{}, beside}};
    if (op == ">") {
      if (partial) return VersionSet{{After(numbers, true), {}}};
      return VersionSet{{beside, {}}};
    }
    if (op == "<=") return VersionSet{{{}, UpTo(version)}};
    if (op == "!=" || op == "<>") {
      return VersionSet{{{}, beside}, {beside, {}}};
    }
    if (op == "^" || (op.empty() && dialect_.bare_is_caret && !numbers.wild)) {
      return VersionSet{{at, Caret(numbers)}};
    }
    if (op == "~>" || op == "~") return VersionSet{{at, Tilde(op, numbers)}};
    if (op == "=" || op == "==" || op.empty()) {
      if (partial) return VersionSet{{at, After(numbers, false)}};
      return VersionSet{{at, at}};
    }
    return Bad(base::StrCat(op, version));
  }

  // Without a "v" in front and a wild end: "1.2" of "v1.2.x".
  static std::string_view Plain(std::string_view version) {
    if (version.starts_with('v')) version.remove_prefix(1);
    while (version.ends_with(".*") || version.ends_with(".x") ||
           version.ends_with(".X")) {
      version.remove_suffix(2);
    }
    return version;
  }

  Bound UpTo(std::string_view version) const {
    const Numbers numbers = NumbersOf(version);
    if (numbers.wild ||
        (dialect_.padded && numbers.whole && numbers.parts.size() < 3)) {
      return After(numbers, false);
    }
    return {std::string(Plain(version)), true};
  }

  // The first version behind all that begin with these numbers, or (as an
  // upper end) with the lowest pre-release of it.
  Bound After(Numbers numbers, bool low) const {
    if (numbers.parts.empty()) return {"0", true};
    ++numbers.parts.back();
    return Before(numbers.parts, low);
  }

  Bound Caret(Numbers numbers) const {
    auto& parts = numbers.parts;
    size_t first = 0;
    while (first + 1 < parts.size() && parts[first] == 0) ++first;
    parts.resize(first + 1);
    ++parts.back();
    return Before(parts, false);
  }

  // RubyGems and Composer let the last number go, npm and Cargo the third.
  Bound Tilde(std::string_view op, Numbers numbers) const {
    auto& parts = numbers.parts;
    const bool by_three = dialect_.padded && op == "~";
    if (by_three && parts.size() > 2) parts.resize(2);
    if (!by_three && parts.size() > 1) parts.pop_back();
    ++parts.back();
    return Before(parts, false);
  }

  Bound Before(std::vector<uint64_t> parts, bool low) const {
    if (dialect_.padded && parts.size() < 3) parts.resize(3);
    std::string version;
    for (const uint64_t part : parts) {
      base::StrAppend(&version, version.empty() ? "" : ".", part);
    }
    if (low) return {version, true};
    return {base::StrCat(version, dialect_.lowest), false};
  }

  // Whether `a` begins (or, for upper ends, stops) before `b`.
  bool Less(const Bound& a, const Bound& b, bool inclusive_first) const {
    const std::weak_ordering order = dialect_.compare(a.version, b.version);
    if (order != 0) return order < 0;
    return inclusive_first ? a.inclusive && !b.inclusive
                           : !a.inclusive && b.inclusive;
  }

 public:
  std::optional<Interval> Intersect(const Interval& a,
                                    const Interval& b) const {
    Interval meet = a;
    if (b.low && (!a.low || Less(*a.low, *b.low, true))) meet.low = b.low;
    if (b.high && (!a.high || Less(*b.high, *a.high, false))) {
      meet.high = b.high;
    }
    if (!meet.low || !meet.high) return meet;
    const auto order = dialect_.compare(meet.low->version, meet.high->version);
    if (order > 0) return std::nullopt;
    if (order == 0 && !(meet.low->inclusive && meet.high->inclusive)) {
      return std::nullopt;
    }
    return meet;
  }

 private:
  void SkipBlanks() {
    while (!rest_.empty() && IsBlank(rest_[0])) rest_.remove_prefix(1);
  }
  char Take() {
    const char c = rest_[0];
    rest_.remove_prefix(1);
    return c;
  }
  std::string_view TakeVersion() {
    size_t size = 0;
    while (size < rest_.size() && !IsBlank(rest_[size]) &&
           !IsOperator(rest_[size])) {
      ++size;
    }
    const std::string_view version = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return version;
  }

  std::string_view text_, rest_;
  const Dialect& dialect_;
};

// Zeros at the end are no difference, so that nobody releases this one.
std::string GemSuccessor(std::string_view version) {
  return base::StrCat(version, ".0.0.0.1");
}

std::string SemverSuccessor(std::string_view version) {
  const auto parts = version::SplitSemver(version);
  if (!parts.prerelease.empty()) {
    return base::StrCat(parts.core, "-", parts.prerelease, ".0");
  }
  Numbers numbers = NumbersOf(parts.core);
  numbers.parts.resize(3);
  ++numbers.parts.back();
  return base::StrCat(numbers.parts[0], ".", numbers.parts[1], ".",
                      numbers.parts[2], "-0");
}

std::string ComposerSuccessor(std::string_view version) {
  return base::StrCat(version, ".0.0.1-dev");
}

}  // namespace

const Dialect& RubyGemsDialect() {
  static constexpr Dialect kDialect{&version::CompareRubygems, &GemSuccessor,
                                    ".a"};
  return kDialect;
}
const Dialect& CargoDialect() {
  static constexpr Dialect kDialect{&version::CompareSemver, &SemverSuccessor,
                                    "-0", true, true};
  return kDialect;
}
const Dialect& NpmDialect() {
  static constexpr Dialect kDialect{&version::CompareSemver, &SemverSuccessor,
                                    "-0", true};
  return kDialect;
}
const Dialect& ComposerDialect() {
  static constexpr Dialect kDialect{&version::ComparePackagist,
                                    &ComposerSuccessor, "-dev"};
  return kDialect;
}

absl::StatusOr<VersionSet> ParseConstraint(std::string_view text,
                                           const Dialect& dialect) {
  return Parser(text, dialect).Parse();
}

absl::Status AddConstraint(std::string_view text, const Dialect& dialect,
                           VersionSet& set) {
  LANDWAITER_ASSIGN_OR_RETURN(const VersionSet more,
                              ParseConstraint(text, dialect));
  if (set.size() + more.size() > kMaxIntervals) {
    return Bad("it has too many parts");
  }
  set.insert(set.end(), more.begin(), more.end());
  return absl::OkStatus();
}

VersionSet Complement(const VersionSet& set, const Dialect& dialect) {
  const Parser algebra("", dialect);
  VersionSet left = {Interval{}};
  for (const Interval& taken : set) {
    VersionSet next;
    for (const Interval& interval : left) {
      Interval below, above;
      if (taken.low) {
        below.high = Bound{taken.low->version, !taken.low->inclusive};
        if (auto part = algebra.Intersect(interval, below)) {
          next.push_back(*std::move(part));
        }
      }
      if (taken.high) {
        above.low = Bound{taken.high->version, !taken.high->inclusive};
        if (auto part = algebra.Intersect(interval, above)) {
          next.push_back(*std::move(part));
        }
      }
    }
    left = std::move(next);
  }
  return left;
}

std::vector<std::vector<BasicEvent<std::string>>> RangesOf(
    const VersionSet& set, const Dialect& dialect) {
  std::vector<std::vector<BasicEvent<std::string>>> ranges;
  for (const Interval& interval : set) {
    auto& range = ranges.emplace_back();
    std::string low = "0";
    if (interval.low) {
      low = interval.low->inclusive ? interval.low->version
                                    : dialect.successor(interval.low->version);
    }
    range.push_back({EventKind::kIntroduced, std::move(low)});
    if (interval.high) {
      range.push_back({interval.high->inclusive ? EventKind::kLastAffected
                                                : EventKind::kFixed,
                       interval.high->version});
    }
  }
  return ranges;
}

}  // namespace landwaiter::analyzer::advisory
