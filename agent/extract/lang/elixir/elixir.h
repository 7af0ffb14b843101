#ifndef LANDWAITER_AGENT_EXTRACT_LANG_ELIXIR_ELIXIR_H_
#define LANDWAITER_AGENT_EXTRACT_LANG_ELIXIR_ELIXIR_H_

#include "agent/extract/lang/formats.h"

namespace landwaiter::agent::extract::lang {

// Elixir and Erlang: mix.lock, a map with a line for each package:
//   "name": {:hex, :package, "1.2.3", "checksum", ...},
// Packages from git have no version and are left out.
class Elixir : public Formats {
 public:
  Elixir();
};

}  // namespace landwaiter::agent::extract::lang

#endif  // LANDWAITER_AGENT_EXTRACT_LANG_ELIXIR_ELIXIR_H_
