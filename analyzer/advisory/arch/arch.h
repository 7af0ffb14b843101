#ifndef LANDWAITER_ANALYZER_ADVISORY_ARCH_ARCH_H_
#define LANDWAITER_ANALYZER_ADVISORY_ARCH_ARCH_H_

#include "analyzer/advisory/feed_format.h"

namespace landwaiter::analyzer::advisory {

// "arch-linux": the groups of flaws of Arch's security tracker, a list in one
// file: https://security.archlinux.org/all.json. A group is affected up to its
// fix; how long before the version that the tracker saw, it does not say. The
// ecosystem is "Arch Linux".
const FeedFormat& ArchLinux();

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_ARCH_ARCH_H_
