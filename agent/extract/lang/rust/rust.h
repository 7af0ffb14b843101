#ifndef LANDWAITER_AGENT_EXTRACT_LANG_RUST_RUST_H_
#define LANDWAITER_AGENT_EXTRACT_LANG_RUST_RUST_H_

#include <string_view>

#include "agent/extract/extractor.h"

namespace landwaiter::agent::extract::lang {

// Programs and libraries that `cargo auditable` built, by their section
// .dep-v0 (ELF, PE, Mach-O): JSON within zlib
// (rust-secure-code/cargo-auditable, PARSING.md). Crates that only the build
// needed are not in the program, and left out.
//
// Limitation: Rust programs built without it tell nothing.
class Rust : public Extractor {
 public:
  std::string_view name() const override { return "lang/rust"; }
  uint32_t version() const override { return 2; }
  bool Wants(std::string_view /*path*/) const override { return false; }
  bool WantsContent(const Candidate& file) const override;
  absl::StatusOr<model::FileExtract> Extract(std::string_view path,
                                             File& file) const override;
};

}  // namespace landwaiter::agent::extract::lang

#endif  // LANDWAITER_AGENT_EXTRACT_LANG_RUST_RUST_H_
