#ifndef LANDWAITER_AGENT_EXTRACT_LANG_CONAN_CONAN_H_
#define LANDWAITER_AGENT_EXTRACT_LANG_CONAN_CONAN_H_

#include "agent/extract/lang/formats.h"

namespace landwaiter::agent::extract::lang {

// Conan: conan.lock of version 1 (a graph of nodes with a "ref") and 2 (lists
// of refs). What only the build needs is development.
class Conan : public Formats {
 public:
  Conan();
};

}  // namespace landwaiter::agent::extract::lang

#endif  // LANDWAITER_AGENT_EXTRACT_LANG_CONAN_CONAN_H_
