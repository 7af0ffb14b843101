#include "core/model/packages.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace landwaiter::model {
namespace {

// A package is its texts in the order of Package's members, each with an end
// behind it, then its flags. The end is less than any byte of a text, so bytes
// compare as packages do; the two bytes that mean something are escaped by
// pairs that keep that order.
constexpr char kEnd = '\0';
constexpr char kEscape = '\1';
constexpr char kEscapedEnd = '\1';
constexpr char kEscapedEscape = '\2';
// Before each licence; the list ends with kEnd.
constexpr char kMore = '\1';
constexpr std::string_view kSpecial("\0\1", 2);

constexpr std::array kTextsBefore = {
    &Package::type,         &Package::name,        &Package::version,
    &Package::architecture, &Package::source_name, &Package::source_version,
    &Package::module,       &Package::vendor};

void Put(std::string_view text, std::string& to) {
  while (true) {
    const size_t special = text.find_first_of(kSpecial);
    to.append(text.substr(0, special));
    if (special == text.npos) break;
    to.push_back(kEscape);
    to.push_back(text[special] == kEnd ? kEscapedEnd : kEscapedEscape);
    text.remove_prefix(special + 1);
  }
  to.push_back(kEnd);
}

char Take(std::string_view& from) {
  const char first = from.front();
  from.remove_prefix(1);
  return first;
}

void TakeText(std::string_view& from, std::string& text) {
  const std::string_view raw = from.substr(0, from.find(kEnd));
  from.remove_prefix(raw.size() + 1);
  text = raw;
  if (raw.find(kEscape) == raw.npos) return;
  text.clear();
  for (size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != kEscape) {
      text.push_back(raw[i]);
    } else {
      text.push_back(raw[++i] == kEscapedEnd ? kEnd : kEscape);
    }
  }
}

}  // namespace

Packages::Packages(std::initializer_list<Package> packages) {
  for (const Package& package : packages) push_back(package);
}

void Packages::push_back(const Package& package) {
  for (const auto text : kTextsBefore) Put(package.*text, bytes_);
  for (const std::string& license : package.licenses) {
    bytes_.push_back(kMore);
    Put(license, bytes_);
  }
  bytes_.push_back(kEnd);
  Put(package.location, bytes_);
  bytes_.push_back(package.declared ? '\1' : '\0');
  bytes_.push_back(package.development ? '\1' : '\0');
  ends_.push_back(static_cast<uint32_t>(bytes_.size()));
}

void Packages::PushPacked(std::string_view packed) {
  bytes_.append(packed);
  ends_.push_back(static_cast<uint32_t>(bytes_.size()));
}

std::string_view Packages::Packed(size_t at) const {
  const size_t start = at == 0 ? 0 : ends_[at - 1];
  return std::string_view(bytes_).substr(start, ends_[at] - start);
}

std::string_view Packages::PackedIdentity(size_t at) const {
  constexpr int kTexts = 4;
  const std::string_view packed = Packed(at);
  size_t end = 0;
  for (int i = 0; i < kTexts; ++i) end = packed.find(kEnd, end) + 1;
  return packed.substr(0, end);
}

const Package Packages::operator[](size_t at) const {
  std::string_view packed = Packed(at);
  Package package;
  for (const auto text : kTextsBefore) TakeText(packed, package.*text);
  while (Take(packed) == kMore) {
    TakeText(packed, package.licenses.emplace_back());
  }
  TakeText(packed, package.location);
  package.declared = Take(packed) != '\0';
  package.development = Take(packed) != '\0';
  return package;
}

bool Packages::IsSorted() const {
  for (size_t i = 1; i < size(); ++i) {
    if (Packed(i) < Packed(i - 1)) return false;
  }
  return true;
}

void Packages::SortUnique() {
  std::vector<uint32_t> order(size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(),
            [this](uint32_t a, uint32_t b) { return Packed(a) < Packed(b); });
  Packages sorted;
  sorted.bytes_.reserve(bytes_.size());
  sorted.ends_.reserve(size());
  for (const uint32_t at : order) {
    if (!sorted.empty() && sorted.Packed(sorted.size() - 1) == Packed(at)) {
      continue;
    }
    sorted.PushPacked(Packed(at));
  }
  *this = std::move(sorted);
}

uint64_t Packages::MemoryBytes() const {
  return bytes_.size() + ends_.size() * sizeof(uint32_t);
}

}  // namespace landwaiter::model
