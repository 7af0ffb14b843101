#ifndef LANDWAITER_AGENT_EXTRACT_LANG_NODE_NODE_H_
#define LANDWAITER_AGENT_EXTRACT_LANG_NODE_NODE_H_

#include "agent/extract/lang/formats.h"

namespace landwaiter::agent::extract::lang {

// Node.js: package.json of what is installed (below node_modules) and of
// applications, and what lock files ask for: package-lock.json and
// npm-shrinkwrap.json of versions 1 to 3, yarn.lock of Yarn 1 and later,
// pnpm-lock.yaml of versions 5 to 9, bun.lock. Workspaces, links, files and git
// addresses are left out: no registry has them. A lock below node_modules is
// that of a dependency and says nothing.
class Node : public Formats {
 public:
  Node();
};

}  // namespace landwaiter::agent::extract::lang

#endif  // LANDWAITER_AGENT_EXTRACT_LANG_NODE_NODE_H_
