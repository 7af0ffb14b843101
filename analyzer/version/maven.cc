#include "analyzer/version/maven.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/version/digits.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::version {
namespace {

// A number (digits) or a qualifier.
struct Item {
  bool number = false;
  std::string_view text;
};

constexpr std::string_view kQualifiers[] = {
    "alpha", "beta", "milestone", "rc", "snapshot", "", "sp"};
constexpr int kRelease = 5;

int RankOf(std::string_view qualifier) {
  const auto found =
      std::find(std::begin(kQualifiers), std::end(kQualifiers), qualifier);
  return static_cast<int>(found - std::begin(kQualifiers));
}

std::weak_ordering CompareQualifiers(std::string_view a, std::string_view b) {
  const int left = RankOf(a), right = RankOf(b);
  if (left != right) return left <=> right;
  const bool known = left != static_cast<int>(std::size(kQualifiers));
  return known ? std::weak_ordering::equivalent : a <=> b;
}

std::string_view Qualifier(std::string_view text, bool digit_follows) {
  if (digit_follows && text == "a") return "alpha";
  if (digit_follows && text == "b") return "beta";
  if (digit_follows && text == "m") return "milestone";
  if (text == "ga" || text == "final" || text == "release") return "";
  if (text == "cr") return "rc";
  return text;
}

// Against nothing.
std::weak_ordering CompareWithNothing(const Item& item) {
  if (item.number) return CompareNumbers(item.text, "0");
  return RankOf(item.text) <=> kRelease;
}

// A list holds items and then, perhaps, one list: so all of them stand one
// behind the other, each within the one before.
using Lists = std::vector<std::vector<Item>>;

class Parser {
 public:
  // `text` in lower case; the items point into it.
  explicit Parser(std::string_view text) : text_(text) {}

  Lists Parse() {
    bool in_number = false;
    for (at_ = 0; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '.' || c == '-') {
        AddToken(in_number);
        start_ = at_ + 1;
        if (c == '-') lists_.emplace_back();
        continue;
      }
      if (at_ > start_ && IsDigit(c) != in_number) {
        Add(in_number, /*digit_follows=*/!in_number);
        start_ = at_;
        lists_.emplace_back();
      }
      in_number = IsDigit(c);
    }
    if (at_ > start_) Add(in_number, false);
    Normalize();
    return std::move(lists_);
  }

 private:
  void Add(bool number, bool digit_follows) {
    const std::string_view text = text_.substr(start_, at_ - start_);
    lists_.back().push_back(
        {number, number ? text : Qualifier(text, digit_follows)});
  }

  // What stands in front of a separator; nothing is a zero.
  void AddToken(bool number) {
    if (at_ == start_) {
      lists_.back().push_back({true, "0"});
    } else {
      Add(number, false);
    }
  }

  // Drops what is nothing off the end of each list, from the innermost, and a
  // list of nothing but a list: "1-ga-1" is "1-1", as the specification has it
  // (the tool keeps an empty level there).
  void Normalize() {
    Lists kept;
    for (size_t i = lists_.size(); i-- > 0;) {
      std::vector<Item>& list = lists_[i];
      while (!list.empty() && CompareWithNothing(list.back()) == 0) {
        list.pop_back();
      }
      if (!list.empty() || i == 0) kept.push_back(std::move(list));
    }
    std::reverse(kept.begin(), kept.end());
    lists_ = std::move(kept);
  }

  const std::string_view text_;
  size_t at_ = 0;
  size_t start_ = 0;
  Lists lists_ = {{}};
};

// Walks through the lists, element by element: an item, a list, or nothing.
class Cursor {
 public:
  explicit Cursor(const Lists& lists) : lists_(lists) {}

  const Item* item() const {
    return at_ < list().size() ? &list()[at_] : nullptr;
  }
  bool at_list() const {
    return item() == nullptr && depth_ + 1 < lists_.size();
  }
  bool at_end() const { return item() == nullptr && !at_list(); }
  void Next() { ++at_; }
  void Enter() {
    ++depth_;
    at_ = 0;
  }

  // All that is left, against nothing: the first that differs decides.
  std::weak_ordering CompareRest() {
    while (!at_end()) {
      if (at_list()) {
        Enter();
        continue;
      }
      if (const auto order = CompareWithNothing(*item()); order != 0) {
        return order;
      }
      Next();
    }
    return std::weak_ordering::equivalent;
  }

 private:
  const std::vector<Item>& list() const { return lists_[depth_]; }
  const Lists& lists_;
  size_t depth_ = 0;
  size_t at_ = 0;
};

// Qualifier < list < number.
int KindOf(const Cursor& cursor) {
  if (cursor.at_list()) return 1;
  return cursor.item()->number ? 2 : 0;
}

std::weak_ordering CompareLists(const Lists& left, const Lists& right) {
  Cursor a(left), b(right);
  while (!a.at_end() && !b.at_end()) {
    if (const auto order = KindOf(a) <=> KindOf(b); order != 0) return order;
    if (a.at_list()) {
      a.Enter();
      b.Enter();
      continue;
    }
    const std::weak_ordering order =
        a.item()->number
            ? std::weak_ordering(CompareNumbers(a.item()->text, b.item()->text))
            : CompareQualifiers(a.item()->text, b.item()->text);
    if (order != 0) return order;
    a.Next();
    b.Next();
  }
  return a.at_end() ? 0 <=> b.CompareRest() : a.CompareRest();
}

}  // namespace

std::weak_ordering CompareMaven(std::string_view a, std::string_view b) {
  const std::string lower_a = base::ToLower(a), lower_b = base::ToLower(b);
  return CompareLists(Parser(lower_a).Parse(), Parser(lower_b).Parse());
}

}  // namespace landwaiter::analyzer::version
