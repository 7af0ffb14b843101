#ifndef LANDWAITER_AGENT_EXTRACT_LANG_GOMOD_GOMOD_H_
#define LANDWAITER_AGENT_EXTRACT_LANG_GOMOD_GOMOD_H_

#include "agent/extract/lang/formats.h"

namespace landwaiter::agent::extract::lang {

// Go: go.mod. A replacement by a module is what is asked for; one by a folder,
// and what is excluded, is left out. "// indirect" is no matter. The standard
// library is that of the toolchain that builds, which a go.mod does not know.
// Those of dependencies, in the module cache or a vendor folder, say nothing.
class Gomod : public Formats {
 public:
  Gomod();
};

}  // namespace landwaiter::agent::extract::lang

#endif  // LANDWAITER_AGENT_EXTRACT_LANG_GOMOD_GOMOD_H_
