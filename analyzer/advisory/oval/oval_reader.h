#ifndef LANDWAITER_ANALYZER_ADVISORY_OVAL_OVAL_READER_H_
#define LANDWAITER_ANALYZER_ADVISORY_OVAL_OVAL_READER_H_

#include <vector>

#include "absl/status/statusor.h"
#include "analyzer/advisory/feed_format.h"
#include "analyzer/advisory/oval/definition.h"
#include "analyzer/advisory/oval/facts.h"

namespace landwaiter::analyzer::advisory {

// A file's definitions with what decides them. OVAL puts the tests behind the
// definitions, and what the tests are of behind those, so that all of them
// have to be there to tell what one says; descriptions, signatures and
// whatever else nothing is made of are not kept.
struct OvalDocument {
  std::vector<OvalDefinition> definitions;
  OvalFacts facts;
};

// Definitions, criteria, tests, objects and states, together.
inline constexpr size_t kMaxOvalThings = 12'000'000;

// InvalidArgument: it is no whole OVAL document; LimitExceeded ("OvalThings"):
// more than kMaxOvalThings.
absl::StatusOr<OvalDocument> ReadOval(FeedFile& file);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_OVAL_OVAL_READER_H_
