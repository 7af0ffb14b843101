#ifndef LANDWAITER_CORE_MODEL_PACKAGES_H_
#define LANDWAITER_CORE_MODEL_PACKAGES_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/model/package.h"

namespace landwaiter::model {

// Packages in the order that they were put in, in a quarter to a tenth of the
// memory that a vector of them takes: a lock file of 20 MB has tens of
// thousands. They are kept as bytes and made anew for whoever looks at one, so
// `packages[i]` and `*it` are values, not references.
//
// At most 4 GiB of text. Not thread-safe.
class Packages {
 public:
  class const_iterator;
  using iterator = const_iterator;
  using value_type = Package;
  using size_type = size_t;
  using const_reference = Package;

  Packages() = default;
  Packages(std::initializer_list<Package> packages);

  // For packages that take `bytes` in all, about.
  void Reserve(size_t bytes) { bytes_.reserve(bytes); }
  void push_back(const Package& package);
  // The same from Packed() of another.
  void PushPacked(std::string_view packed);
  size_t size() const { return ends_.size(); }
  bool empty() const { return ends_.empty(); }
  // Const, since to change such a value would change nothing.
  const Package operator[](size_t at) const;
  const Package front() const { return (*this)[0]; }
  const Package back() const { return (*this)[size() - 1]; }
  const_iterator begin() const;
  const_iterator end() const;

  // A package's bytes: they compare as the packages do. Valid until the list
  // changes.
  std::string_view Packed(size_t at) const;
  // The front of them: type, name, version and architecture.
  std::string_view PackedIdentity(size_t at) const;
  bool IsSorted() const;
  // Sorts them and keeps each once.
  void SortUnique();
  // What they take, bytes.
  uint64_t MemoryBytes() const;

  // As for vectors.
  friend bool operator==(const Packages&, const Packages&) = default;
  friend std::strong_ordering operator<=>(const Packages& a,
                                          const Packages& b) {
    return a.bytes_ <=> b.bytes_;
  }

 private:
  std::string bytes_;
  std::vector<uint32_t> ends_;  // in bytes_, of each package
};

class Packages::const_iterator {
 public:
  using iterator_category = std::random_access_iterator_tag;
  using value_type = Package;
  using difference_type = std::ptrdiff_t;
  using reference = Package;
  class pointer {
   public:
    explicit pointer(Package package) : package_(std::move(package)) {}
    const Package* operator->() const { return &package_; }

   private:
    const Package package_;
  };

  const_iterator() = default;
  const_iterator(const Packages* packages, size_t at)
      : packages_(packages), at_(static_cast<std::ptrdiff_t>(at)) {}

  Package operator*() const { return (*this)[0]; }
  pointer operator->() const { return pointer(**this); }
  Package operator[](std::ptrdiff_t by) const {
    return (*packages_)[static_cast<size_t>(at_ + by)];
  }
  const_iterator& operator++() { return *this += 1; }
  const_iterator& operator--() { return *this += -1; }
  const_iterator operator++(int) {
    const const_iterator old = *this;
    ++at_;
    return old;
  }
  const_iterator operator--(int) {
    const const_iterator old = *this;
    --at_;
    return old;
  }
  const_iterator& operator+=(std::ptrdiff_t by) {
    at_ += by;
    return *this;
  }
  const_iterator& operator-=(std::ptrdiff_t by) { return *this += -by; }
  friend const_iterator operator+(const_iterator it, std::ptrdiff_t by) {
    return it += by;
  }
  friend const_iterator operator-(const_iterator it, std::ptrdiff_t by) {
    return it += -by;
  }
  friend std::ptrdiff_t operator-(const_iterator a, const_iterator b) {
    return a.at_ - b.at_;
  }
  friend auto operator<=>(const_iterator a, const_iterator b) {
    return a.at_ <=> b.at_;
  }
  friend bool operator==(const_iterator a, const_iterator b) {
    return a.at_ == b.at_;
  }

 private:
  const Packages* packages_ = nullptr;
  std::ptrdiff_t at_ = 0;
};

inline Packages::const_iterator Packages::begin() const { return {this, 0}; }
inline Packages::const_iterator Packages::end() const { return {this, size()}; }

}  // namespace landwaiter::model

#endif  // LANDWAITER_CORE_MODEL_PACKAGES_H_
