#ifndef LANDWAITER_ANALYZER_ADVISORY_STREAM_FORMAT_H_
#define LANDWAITER_ANALYZER_ADVISORY_STREAM_FORMAT_H_

#include "analyzer/advisory/feed_format.h"

namespace landwaiter::analyzer::advisory {

// "landwaiter": what `db export` and `db push` wrote (db_stream.h), as a feed.
const FeedFormat& LandwaiterStream();

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_STREAM_FORMAT_H_
