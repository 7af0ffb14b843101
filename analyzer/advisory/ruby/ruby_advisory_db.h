#ifndef LANDWAITER_ANALYZER_ADVISORY_RUBY_RUBY_ADVISORY_DB_H_
#define LANDWAITER_ANALYZER_ADVISORY_RUBY_RUBY_ADVISORY_DB_H_

#include "analyzer/advisory/feed_format.h"

namespace landwaiter::analyzer::advisory {

// "ruby-advisory-db": https://github.com/rubysec/ruby-advisory-db, a flaw of a
// gem in each gems/<gem>/<id>.yml. Affected is what is neither in
// patched_versions nor in unaffected_versions. Flaws of the interpreters
// (rubies/) are left out: they are no gems.
const FeedFormat& RubyAdvisoryDb();

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_RUBY_RUBY_ADVISORY_DB_H_
