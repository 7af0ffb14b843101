#ifndef LANDWAITER_AGENT_EXTRACT_LANG_RUBY_RUBY_H_
#define LANDWAITER_AGENT_EXTRACT_LANG_RUBY_RUBY_H_

#include "agent/extract/lang/formats.h"

namespace landwaiter::agent::extract::lang {

// Ruby: *.gemspec below a folder "specifications" (installed gems) and
// Gemfile.lock or gems.locked. What a lock takes from a folder (PATH) is left
// out; the platform behind a version ("1.2-x86_64-linux") is no part of it.
class Ruby : public Formats {
 public:
  Ruby();
};

}  // namespace landwaiter::agent::extract::lang

#endif  // LANDWAITER_AGENT_EXTRACT_LANG_RUBY_RUBY_H_
