#ifndef LANDWAITER_AGENT_EXTRACT_OS_PACMAN_PACMAN_H_
#define LANDWAITER_AGENT_EXTRACT_OS_PACMAN_PACMAN_H_

#include <string_view>
#include <vector>

#include "agent/extract/extractor.h"

namespace landwaiter::agent::extract::os {

// pacman's local database (libalpm, lib/libalpm/be_local.c): a folder a
// package, NAME-VERSION-RELEASE, with `desc` and `files`, each of sections: a
// title between percent signs, a value a line, an empty line. Only installed
// packages have a folder. The version has its epoch ("1:1.3.1-2"). Packages
// that were built from one PKGBUILD have its name as %BASE%. Packages are of
// type "alpm", as purl calls them.
class Pacman : public Extractor {
 public:
  std::string_view name() const override { return "os/pacman"; }
  uint32_t version() const override { return 1; }
  bool Wants(std::string_view path) const override;
  absl::StatusOr<model::FileExtract> Extract(std::string_view path,
                                             File& file) const override;
  std::vector<std::string_view> WellKnownPaths() const override;
};

}  // namespace landwaiter::agent::extract::os

#endif  // LANDWAITER_AGENT_EXTRACT_OS_PACMAN_PACMAN_H_
