#ifndef LANDWAITER_ANALYZER_QUEUE_IMAGE_QUERY_H_
#define LANDWAITER_ANALYZER_QUEUE_IMAGE_QUERY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "analyzer/store/store.h"

namespace landwaiter::analyzer::queue {

// "Which images hold this package?", or "... have this vulnerability?", over
// all that were scanned. Exactly one of `package` and `vulnerability` is set.
struct ImageQuery {
  std::string package;  // binary or source
  // ">=2.0,<2.17.1" (all must hold), "||" between alternatives; a version alone
  // is that one; empty: every version. Compared as the package's type does.
  std::string range;
  // "npm", "Debian", "Debian:12": OSV's names, or a purl type; empty: any.
  std::string ecosystem;
  std::string vulnerability;  // CVE, GHSA, DSA ...
  std::string ns;             // of the registry; empty: all
  uint32_t page_size = 0;     // at most 1,000; 0 means 100
  std::string page_token;
};

struct ImageQueryPage {
  std::vector<store::PlaceView> places;  // by image
  uint64_t images = 0;  // of all pages, before `ecosystem` and `ns` decide
  std::string next_page_token;  // empty: that was all
};

// INVALID_ARGUMENT for a query, a range or a token that cannot be read. What
// comes or goes between two pages may be missed; nothing is shown twice.
absl::StatusOr<ImageQueryPage> QueryImages(store::Store& store,
                                           const ImageQuery& query);

}  // namespace landwaiter::analyzer::queue

#endif  // LANDWAITER_ANALYZER_QUEUE_IMAGE_QUERY_H_
