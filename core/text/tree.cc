#include "core/text/tree.h"

#include <algorithm>
#include <utility>

#include "core/base/strings.h"

namespace landwaiter::text {
namespace {

bool Matches(std::string_view key, std::string_view pattern) {
  return pattern == "*" || pattern == key;
}

}  // namespace

bool Path::Is(std::initializer_list<std::string_view> pattern) const {
  return pattern.size() == size_ && StartsWith(pattern);
}

bool Path::StartsWith(std::initializer_list<std::string_view> pattern) const {
  return pattern.size() <= size_ &&
         std::equal(pattern.begin(), pattern.end(), keys_.begin(),
                    [](std::string_view expected, std::string_view key) {
                      return Matches(key, expected);
                    });
}

void Path::Push(std::string_view key) {
  if (size_ == keys_.size()) keys_.emplace_back();
  keys_[size_++].assign(key);
}

bool TreeWriter::Begin(bool list) {
  ++events_;
  if (levels_.size() >= kMaxDepth) {
    fault_ = base::StrCat("nests deeper than ", kMaxDepth, " levels");
    return false;
  }
  EnterItem();
  levels_.push_back({.list = list});
  return Keep(handler_.Enter(path_));
}

bool TreeWriter::End() {
  ++events_;
  levels_.pop_back();
  const bool more = Keep(handler_.Leave(path_));
  LeaveItem();
  return more;
}

bool TreeWriter::Key(std::string_view key) {
  ++events_;
  path_.Push(key);
  return true;
}

bool TreeWriter::Scalar(std::string_view text) {
  ++events_;
  EnterItem();
  const bool more = Keep(handler_.Value(path_, text));
  LeaveItem();
  return more;
}

void TreeWriter::EnterItem() {
  if (levels_.empty() || !levels_.back().list) return;
  path_.Push(base::StrCat(levels_.back().next++));
}

void TreeWriter::LeaveItem() {
  if (!levels_.empty()) path_.Pop();
}

bool TreeWriter::Keep(absl::Status status) {
  if (status.ok()) return true;
  status_ = std::move(status);
  return false;
}

}  // namespace landwaiter::text
