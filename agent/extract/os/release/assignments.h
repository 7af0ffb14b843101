#ifndef LANDWAITER_AGENT_EXTRACT_OS_RELEASE_ASSIGNMENTS_H_
#define LANDWAITER_AGENT_EXTRACT_OS_RELEASE_ASSIGNMENTS_H_

#include <map>
#include <string>
#include <string_view>

namespace landwaiter::agent::extract::os {

// KEY=value lines as os-release(5) has them: single, double or no quotes,
// backslashes, comments. Nothing is expanded. The last of a key counts, as in
// a shell; lines that are no assignment are ignored.
class Assignments {
 public:
  explicit Assignments(std::string_view text);

  // "" if there is none.
  const std::string& operator[](std::string_view key) const;

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace landwaiter::agent::extract::os

#endif  // LANDWAITER_AGENT_EXTRACT_OS_RELEASE_ASSIGNMENTS_H_
