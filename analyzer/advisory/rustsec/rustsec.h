#ifndef LANDWAITER_ANALYZER_ADVISORY_RUSTSEC_RUSTSEC_H_
#define LANDWAITER_ANALYZER_ADVISORY_RUSTSEC_RUSTSEC_H_

#include "analyzer/advisory/feed_format.h"

namespace landwaiter::analyzer::advisory {

// "rustsec": https://github.com/rustsec/advisory-db, a flaw of a crate in each
// RUSTSEC-*.md: TOML between "```toml" and "```", then its title. Affected is
// what is neither patched nor unaffected. What is no flaw keeps its word
// ("informational"): an unmaintained crate is out of support. The functions,
// systems and processors that a flaw is limited to are not looked at.
const FeedFormat& Rustsec();

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_RUSTSEC_RUSTSEC_H_
