#ifndef LANDWAITER_ANALYZER_MATCH_REPLAY_H_
#define LANDWAITER_ANALYZER_MATCH_REPLAY_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "analyzer/match/match.h"

namespace landwaiter::analyzer::match {

struct ReplayResult {
  size_t findings = 0;  // that the earlier result has
  // What came out otherwise, a line each: "CVE-1 of curl: is gone". Empty if
  // every byte is the same.
  std::vector<std::string> differences;
};

// Compares a result with what ToJson printed for the same inventory and the
// same advisories before. INVALID_ARGUMENT if `earlier` is no such text;
// FAILED_PRECONDITION if it came of other advisories.
absl::StatusOr<ReplayResult> Replay(std::string_view earlier,
                                    const MatchResult& now);

}  // namespace landwaiter::analyzer::match

#endif  // LANDWAITER_ANALYZER_MATCH_REPLAY_H_
