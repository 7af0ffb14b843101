#ifndef LANDWAITER_AGENT_SOURCE_SECRET_SPANS_H_
#define LANDWAITER_AGENT_SOURCE_SECRET_SPANS_H_

#include <cstddef>
#include <string_view>
#include <vector>

namespace landwaiter::agent::source {

// Where in a text a secret stands: [begin, end).
struct Span {
  size_t begin = 0;
  size_t end = 0;
};

// The secrets of a text, in order, without overlaps (redact.h says what counts
// as one).
std::vector<Span> FindSecrets(std::string_view text);

}  // namespace landwaiter::agent::source

#endif  // LANDWAITER_AGENT_SOURCE_SECRET_SPANS_H_
