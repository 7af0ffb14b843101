#ifndef LANDWAITER_AGENT_REGISTRY_GOOGLE_CURSOR_H_
#define LANDWAITER_AGENT_REGISTRY_GOOGLE_CURSOR_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace landwaiter::agent::registry::google {

// A place in the list of a project's images, which goes by repository. The
// API's page tokens get old (after three days, say), so a place must survive
// that its token is refused: the repository is then listed again.
struct Cursor {
  std::string repository;  // of Artifact Registry
  uint64_t restarts = 0;   // of its list, so far
  std::string page;        // the API's; empty: the first

  // "repository|restarts|page".
  std::string ToString() const;
  // INVALID_ARGUMENT for what ToString did not make.
  static absl::StatusOr<Cursor> Parse(std::string_view text);
};

// Whether it can be the id of a repository of Artifact Registry.
bool IsRepositoryId(std::string_view id);

}  // namespace landwaiter::agent::registry::google

#endif  // LANDWAITER_AGENT_REGISTRY_GOOGLE_CURSOR_H_
