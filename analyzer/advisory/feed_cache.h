#ifndef LANDWAITER_ANALYZER_ADVISORY_FEED_CACHE_H_
#define LANDWAITER_ANALYZER_ADVISORY_FEED_CACHE_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "analyzer/advisory/feed_collector.h"
#include "analyzer/advisory/feed_files.h"
#include "analyzer/advisory/feed_spec.h"
#include "analyzer/advisory/fetch.h"
#include "core/base/clock.h"

namespace landwaiter::analyzer::advisory {

// What is known of a feed: of its last good content, and how the last look at
// it went.
struct FeedState {
  std::string name, format, location;
  FeedCounts counts;
  std::string digest;  // of the canonical stream; empty: there never was one
  absl::Time changed = absl::InfinitePast();  // when that came
  absl::Time checked = absl::InfinitePast();  // the last look that succeeded
  std::string error;                          // of the last look, if it failed
};
// For a database's report; the text is JSON.
std::string EncodeFeedStates(const std::vector<FeedState>& states);
// Empty for what is none.
std::vector<FeedState> DecodeFeedStates(std::string_view text);

// The last good content of each feed, as canonical streams in a directory. A
// feed is read again only if its files are others than before. What is on disk
// is always whole: a look that fails, or is killed, leaves it as it was. Not
// thread-safe; the caller keeps other processes away from the directory.
class FeedCache {
 public:
  // The clock outlives it.
  FeedCache(std::string directory, FetchOptions fetch, FeedLimits limits,
            base::Clock& clock);

  // Looks whether the feed has other content than before. A failure is in the
  // state's `error`; an error is returned where the cache itself cannot work.
  absl::StatusOr<FeedState> Update(const FeedSpec& spec);
  // What the last look told, without another.
  FeedState Known(const FeedSpec& spec) const;
  // Where the feed's stream is. REQUIRES: it has one (`digest`).
  std::string StreamPath(const FeedSpec& spec, const FeedState& state) const;
  // Removes what is of none of these feeds and was not looked at for a month.
  void Forget(const std::vector<FeedSpec>& specs);

 private:
  struct Entry;            // a state, and where its content came from
  absl::Time Now() const;  // as exact as it is kept
  std::string BaseOf(const FeedSpec& spec) const;
  Entry Load(const FeedSpec& spec) const;
  absl::Status Save(const FeedSpec& spec, const Entry& entry) const;
  absl::Status Look(const FeedSpec& spec, Entry& entry);
  absl::Status LookAtUrl(const FeedSpec& spec, Entry& entry);
  absl::Status LookAtArtifact(const FeedSpec& spec, Entry& entry);
  absl::Status LookAtPath(const FeedSpec& spec, const std::string& path,
                          Entry& entry);
  // Reads the files into a new stream.
  absl::Status Take(const FeedSpec& spec, const std::string& path,
                    Entry& entry);

  const std::string directory_;
  const FetchOptions fetch_;
  const FeedLimits limits_;
  base::Clock& clock_;
};

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_FEED_CACHE_H_
