#ifndef LANDWAITER_AGENT_EXTRACT_LANG_CARGO_CARGO_H_
#define LANDWAITER_AGENT_EXTRACT_LANG_CARGO_CARGO_H_

#include "agent/extract/lang/formats.h"

namespace landwaiter::agent::extract::lang {

// Rust: Cargo.lock. Packages without a source are those of the workspace and
// left out. A lock in the sources that Cargo has fetched says nothing.
class Cargo : public Formats {
 public:
  Cargo();
};

}  // namespace landwaiter::agent::extract::lang

#endif  // LANDWAITER_AGENT_EXTRACT_LANG_CARGO_CARGO_H_
