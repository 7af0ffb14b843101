#ifndef LANDWAITER_ANALYZER_ADVISORY_NODE_SECURITY_WG_H_
#define LANDWAITER_ANALYZER_ADVISORY_NODE_SECURITY_WG_H_

#include "analyzer/advisory/feed_format.h"

namespace landwaiter::analyzer::advisory {

// "node-security-wg": https://github.com/nodejs/security-wg, a flaw a file:
// vuln/npm/<number>.json of npm packages ("NSWG-ECO-<number>", closed in 2020)
// and vuln/core/<number>.json of Node.js itself ("NSWG-CORE-<number>", going
// on), which is the middleware product nodejs:node.js. Affected is what is
// vulnerable and not patched. vuln/deps, flaws that Node.js does not have, is
// left out, as are the indexes.
const FeedFormat& NodeSecurityWg();

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_NODE_SECURITY_WG_H_
