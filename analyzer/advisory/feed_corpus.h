#ifndef LANDWAITER_ANALYZER_ADVISORY_FEED_CORPUS_H_
#define LANDWAITER_ANALYZER_ADVISORY_FEED_CORPUS_H_

#include <compare>
#include <string>
#include <string_view>

#include "analyzer/advisory/feed_format.h"
#include "analyzer/advisory/testing.h"

// For the tests of feed formats: whole feeds, from texts or from the corpus.
namespace landwaiter::analyzer::advisory {

// What the format makes of one file of this content. A status that is not OK
// is a failure of the test.
KeptRecords ReadText(const FeedFormat& format, std::string text,
                     std::string name = "feed");
// The status alone.
absl::Status StatusOfText(const FeedFormat& format, std::string text,
                          std::string name = "feed");

// What the format makes of the file, the directory or the zip at `path` in the
// corpus; of the latter two the files whose names Reads() takes.
KeptRecords ReadCorpus(const FeedFormat& format, const std::string& path);

// "feed: id" and so on: the first of what was skipped, for messages.
std::string FirstSkipped(const KeptRecords& kept);

// The advisory of this id; a failure of the test, and an empty one, if there
// is none. If several have it, the first.
const Advisory& WithId(const KeptRecords& kept, std::string_view id);

// "Debian:12 curl: < 7.88-1" and so on, a line for each entry and standing:
// the whole of an entry in a word, to compare with.
std::string Told(const Affected& affected);
std::string Told(const Advisory& advisory);

// A version at which the ranges of the two disagree, of all that they name;
// empty if there is none. Pre-releases that only stand for "the lowest" are
// not asked for.
std::string DisputedVersion(const Affected& a, const Affected& b,
                            std::weak_ordering (*compare)(std::string_view,
                                                          std::string_view));

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_FEED_CORPUS_H_
