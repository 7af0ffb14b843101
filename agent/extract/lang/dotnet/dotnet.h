#ifndef LANDWAITER_AGENT_EXTRACT_LANG_DOTNET_DOTNET_H_
#define LANDWAITER_AGENT_EXTRACT_LANG_DOTNET_DOTNET_H_

#include "agent/extract/lang/formats.h"

namespace landwaiter::agent::extract::lang {

// .NET: *.deps.json, which tells what an application was published with,
// packages.lock.json and packages.config. Projects are left out, and so are
// packages of a deps.json that bring no file (the framework has them).
class Dotnet : public Formats {
 public:
  Dotnet();
};

}  // namespace landwaiter::agent::extract::lang

#endif  // LANDWAITER_AGENT_EXTRACT_LANG_DOTNET_DOTNET_H_
