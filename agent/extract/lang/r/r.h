#ifndef LANDWAITER_AGENT_EXTRACT_LANG_R_R_H_
#define LANDWAITER_AGENT_EXTRACT_LANG_R_R_H_

#include "agent/extract/lang/formats.h"

namespace landwaiter::agent::extract::lang {

// R: DESCRIPTION of installed packages (a folder each below a folder called
// "library" or "site-library") and renv.lock.
class R : public Formats {
 public:
  R();
};

}  // namespace landwaiter::agent::extract::lang

#endif  // LANDWAITER_AGENT_EXTRACT_LANG_R_R_H_
