#ifndef LANDWAITER_AGENT_EXTRACT_LANG_DART_DART_H_
#define LANDWAITER_AGENT_EXTRACT_LANG_DART_DART_H_

#include "agent/extract/lang/formats.h"

namespace landwaiter::agent::extract::lang {

// Dart and Flutter: pubspec.lock. What comes with the SDK or lies in a folder
// beside is left out; a direct dev dependency is development.
class Dart : public Formats {
 public:
  Dart();
};

}  // namespace landwaiter::agent::extract::lang

#endif  // LANDWAITER_AGENT_EXTRACT_LANG_DART_DART_H_
