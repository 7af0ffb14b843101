#ifndef LANDWAITER_AGENT_EXTRACT_LANG_GOLANG_BUILD_INFO_H_
#define LANDWAITER_AGENT_EXTRACT_LANG_GOLANG_BUILD_INFO_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "agent/extract/file.h"
#include "agent/extract/problems.h"

namespace landwaiter::agent::extract::lang {

// What Go's linker wrote into a program (cmd/link: .go.buildinfo).
struct RawBuildInfo {
  std::string version;  // "go1.22.1", "devel go1.23-abc ..."
  std::string modules;  // of debug.BuildInfo, its lines; empty without modules
};

// Both formats: with pointers (Go 1.13 to 1.17) and inline (since 1.18).
// nullopt if the program is not Go's; a damaged one is a problem. Errors are
// the file's.
absl::StatusOr<std::optional<RawBuildInfo>> ReadBuildInfo(File& file,
                                                          Problems& problems);

struct Module {
  std::string_view path;
  std::string_view version;
};

// Shows the modules of the program, replaced ones as what replaced them. Left
// out is what has no version: a directory, "(devel)"; but a main module that
// has none has the one that the linker was told (-ldflags="-X
// main.version=1.2.3"). The views are valid during the call.
void VisitModules(std::string_view modules,
                  absl::FunctionRef<void(const Module&)> visit);

// "1.22.1" of "go1.22.1 X:loopvar"; empty for development versions.
std::string_view ToolchainVersion(std::string_view version);

}  // namespace landwaiter::agent::extract::lang

#endif  // LANDWAITER_AGENT_EXTRACT_LANG_GOLANG_BUILD_INFO_H_
