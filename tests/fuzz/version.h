#ifndef LANDWAITER_TESTS_FUZZ_VERSION_H_
#define LANDWAITER_TESTS_FUZZ_VERSION_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <string_view>

namespace landwaiter::fuzz {

// Two versions, a line each: whatever they are, each equals itself and the
// comparison the other way round is the opposite.
inline void Order(std::weak_ordering (*compare)(std::string_view,
                                                std::string_view),
                  const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const size_t line = text.find('\n');
  const std::string_view a = text.substr(0, line);
  const std::string_view b =
      line == text.npos ? std::string_view() : text.substr(line + 1);
  if (compare(a, a) != 0 || compare(b, b) != 0) std::abort();
  if (compare(a, b) != (0 <=> compare(b, a))) std::abort();
}

}  // namespace landwaiter::fuzz

#endif  // LANDWAITER_TESTS_FUZZ_VERSION_H_
