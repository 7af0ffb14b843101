#include "analyzer/queue/glob.h"

#include <algorithm>

namespace landwaiter::analyzer::queue {
namespace {

// The positions of the text that a prefix of the pattern can end at.
using Ends = std::vector<bool>;

// From each end on, over any characters (but "/", unless `slashes`).
void Star(Ends& ends, std::string_view text, bool slashes) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (ends[i] && (slashes || text[i] != '/')) ends[i + 1] = true;
  }
}

// "**/": nothing, or anything that ends with "/".
void Directories(Ends& ends, std::string_view text) {
  bool reachable = false;
  for (size_t i = 0; i < text.size(); ++i) {
    reachable = reachable || ends[i];
    if (reachable && text[i] == '/') ends[i + 1] = true;
  }
}

void Literal(Ends& ends, std::string_view text, char c) {
  for (size_t i = text.size(); i > 0; --i) {
    ends[i] = ends[i - 1] && text[i - 1] == c;
  }
  ends[0] = false;
}

}  // namespace

bool GlobMatch(std::string_view pattern, std::string_view text) {
  Ends ends(text.size() + 1, false);
  ends[0] = true;
  while (!pattern.empty()) {
    if (pattern.starts_with("**/")) {
      Directories(ends, text);
      pattern.remove_prefix(3);
    } else if (pattern.starts_with("**")) {
      Star(ends, text, /*slashes=*/true);
      pattern.remove_prefix(2);
    } else if (pattern.front() == '*') {
      Star(ends, text, /*slashes=*/false);
      pattern.remove_prefix(1);
    } else {
      Literal(ends, text, pattern.front());
      pattern.remove_prefix(1);
    }
  }
  return ends.back();
}

bool IsLiteral(std::string_view pattern) {
  return pattern.find('*') == std::string_view::npos;
}

bool GlobSelects(const std::vector<std::string>& include,
                 const std::vector<std::string>& exclude,
                 std::string_view text) {
  const auto matches = [text](const std::string& pattern) {
    return GlobMatch(pattern, text);
  };
  return (include.empty() || std::ranges::any_of(include, matches)) &&
         std::ranges::none_of(exclude, matches);
}

}  // namespace landwaiter::analyzer::queue
