#ifndef LANDWAITER_CORE_TEXT_OUTCOME_H_
#define LANDWAITER_CORE_TEXT_OUTCOME_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "core/text/byte_reader.h"
#include "core/text/tree.h"

namespace landwaiter::text {

// How the reading of a document went. The handler has had every event before
// the fault.
struct Outcome {
  // What is wrong with the document ("line 3: ..."); empty if nothing.
  std::string fault;
  // Events before the end. Without any, the file is of another kind.
  uint64_t events = 0;
};

// For the readers: an error of the file or the handler, else the outcome, in
// which the tree's own fault goes before `fault`. `line` is where it is.
absl::StatusOr<Outcome> Finish(const ByteReader& reader,
                               const TreeWriter& writer, std::string fault,
                               uint64_t line);

}  // namespace landwaiter::text

#endif  // LANDWAITER_CORE_TEXT_OUTCOME_H_
