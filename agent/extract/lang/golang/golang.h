#ifndef LANDWAITER_AGENT_EXTRACT_LANG_GOLANG_GOLANG_H_
#define LANDWAITER_AGENT_EXTRACT_LANG_GOLANG_GOLANG_H_

#include <string_view>

#include "agent/extract/extractor.h"

namespace landwaiter::agent::extract::lang {

// Programs that Go built, by the build information in them: the modules, and
// "stdlib" at the toolchain's version. The information does not tell which
// modules are indirect, nor, before Go 1.24, the main module's version, but for
// what the linker was told; a module without a version is left out.
//
// Programs for Windows and macOS count too: nobody runs them in a Linux
// container, but images carry them, to be handed out.
//
// Limitation: a packed program (UPX) tells nothing, and is no problem.
class Golang : public Extractor {
 public:
  std::string_view name() const override { return "lang/golang"; }
  uint32_t version() const override { return 2; }
  bool Wants(std::string_view /*path*/) const override { return false; }
  bool WantsContent(const Candidate& file) const override;
  absl::StatusOr<model::FileExtract> Extract(std::string_view path,
                                             File& file) const override;
};

}  // namespace landwaiter::agent::extract::lang

#endif  // LANDWAITER_AGENT_EXTRACT_LANG_GOLANG_GOLANG_H_
