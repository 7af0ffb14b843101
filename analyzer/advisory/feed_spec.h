#ifndef LANDWAITER_ANALYZER_ADVISORY_FEED_SPEC_H_
#define LANDWAITER_ANALYZER_ADVISORY_FEED_SPEC_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace landwaiter::analyzer::advisory {

// A feed as it is configured.
struct FeedSpec {
  std::string name;      // of the user's choice; tells the feeds apart
  std::string format;    // FeedFormat::name()
  std::string location;  // a path, or an http(s) URL
  std::string ca_file;   // trusted for its URL instead of the system's
  friend bool operator==(const FeedSpec&, const FeedSpec&) = default;
};

// "[NAME=]FORMAT:LOCATION"; a path or URL alone is of OSV records. A feed
// without a name gets one from its format and where it is. INVALID_ARGUMENT for
// a format that there is not.
absl::StatusOr<FeedSpec> ParseFeedSpec(std::string_view text);
// All of them; names that occur twice are told apart by a number.
absl::StatusOr<std::vector<FeedSpec>> ParseFeedSpecs(
    absl::Span<const std::string> texts);

// The name that a feed without one gets: "osv-Debian".
std::string DefaultFeedName(std::string_view format, std::string_view location);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_FEED_SPEC_H_
