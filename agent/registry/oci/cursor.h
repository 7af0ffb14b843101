#ifndef LANDWAITER_AGENT_REGISTRY_OCI_CURSOR_H_
#define LANDWAITER_AGENT_REGISTRY_OCI_CURSOR_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace landwaiter::agent::registry::oci {

// Where a list goes on: `last` of its next page, and enough to notice, also
// after a restart, that the pages go round in a circle (Brent's algorithm: an
// earlier `last` that each new one is compared with, replaced after 1, 2, 4, 8
// ... pages; a circle is noticed within about three times its length).
class Cursor {
 public:
  // The beginning.
  Cursor() = default;
  // What ToString() gave, or a `last` alone. INVALID_ARGUMENT.
  static absl::StatusOr<Cursor> Parse(std::string_view text);
  std::string ToString() const;

  bool at_start() const { return last_.empty(); }
  // As it goes into a query, escaped.
  std::string Query() const;

  // Moves to the next page. NetworkError (cause Protocol) if it has been seen,
  // or cannot be named: what comes after it would look deleted.
  absl::Status Advance(std::string_view last);
  const std::string& last() const { return last_; }

 private:
  std::string last_;
  std::string earlier_;
  uint64_t steps_ = 0;  // since `earlier_`
  uint64_t limit_ = 1;  // when it is replaced
};

}  // namespace landwaiter::agent::registry::oci

#endif  // LANDWAITER_AGENT_REGISTRY_OCI_CURSOR_H_
