#ifndef LANDWAITER_AGENT_EXTRACT_LANG_HASKELL_HASKELL_H_
#define LANDWAITER_AGENT_EXTRACT_LANG_HASKELL_HASKELL_H_

#include "agent/extract/lang/formats.h"

namespace landwaiter::agent::extract::lang {

// Haskell: stack.yaml.lock (what is beyond the snapshot) and
// cabal.project.freeze. What the compiler brings ("installed") has no version
// and is left out.
class Haskell : public Formats {
 public:
  Haskell();
};

}  // namespace landwaiter::agent::extract::lang

#endif  // LANDWAITER_AGENT_EXTRACT_LANG_HASKELL_HASKELL_H_
