#ifndef LANDWAITER_AGENT_EXTRACT_LANG_SWIFT_SWIFT_H_
#define LANDWAITER_AGENT_EXTRACT_LANG_SWIFT_SWIFT_H_

#include "agent/extract/lang/formats.h"

namespace landwaiter::agent::extract::lang {

// Swift: Package.resolved of versions 1 to 3, named as OSV does (the address
// without scheme and ".git"), and CocoaPods: Podfile.lock. A pin to a branch or
// a revision has no version and is left out.
class Swift : public Formats {
 public:
  Swift();
};

}  // namespace landwaiter::agent::extract::lang

#endif  // LANDWAITER_AGENT_EXTRACT_LANG_SWIFT_SWIFT_H_
