#ifndef LANDWAITER_AGENT_EXTRACT_LANG_JULIA_JULIA_H_
#define LANDWAITER_AGENT_EXTRACT_LANG_JULIA_JULIA_H_

#include "agent/extract/lang/formats.h"

namespace landwaiter::agent::extract::lang {

// Julia: Manifest.toml of format 1 ([[Name]]) and 2 ([[deps.Name]]). Modules of
// the standard library without a version of their own are left out, and so is
// what lies in a folder beside.
class Julia : public Formats {
 public:
  Julia();
};

}  // namespace landwaiter::agent::extract::lang

#endif  // LANDWAITER_AGENT_EXTRACT_LANG_JULIA_JULIA_H_
