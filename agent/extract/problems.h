#ifndef LANDWAITER_AGENT_EXTRACT_PROBLEMS_H_
#define LANDWAITER_AGENT_EXTRACT_PROBLEMS_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace landwaiter::agent::extract {

// What is wrong with one file: the first problem in words and how many more
// there were. The same bytes always give the same text.
class Problems {
 public:
  // `what` may quote the file (through base::Printable).
  void Add(std::string_view what);

  bool empty() const { return count_ == 0; }
  // "" without a problem, "line 3: no colon (and 2 more)".
  std::string Text() const;

 private:
  std::string first_;
  uint64_t count_ = 0;
};

}  // namespace landwaiter::agent::extract

#endif  // LANDWAITER_AGENT_EXTRACT_PROBLEMS_H_
