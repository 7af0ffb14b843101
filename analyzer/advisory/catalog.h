#ifndef LANDWAITER_ANALYZER_ADVISORY_CATALOG_H_
#define LANDWAITER_ANALYZER_ADVISORY_CATALOG_H_

#include <string_view>

#include "absl/types/span.h"
#include "analyzer/advisory/feed_format.h"

namespace landwaiter::analyzer::advisory {

// Every format of a feed there is: the visible list to which a new one adds
// its line. They live as long as the program.
absl::Span<const FeedFormat* const> AllFeedFormats();

// The one of this name; null if there is none.
const FeedFormat* FindFeedFormat(std::string_view name);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_CATALOG_H_
