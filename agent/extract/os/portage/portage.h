#ifndef LANDWAITER_AGENT_EXTRACT_OS_PORTAGE_PORTAGE_H_
#define LANDWAITER_AGENT_EXTRACT_OS_PORTAGE_PORTAGE_H_

#include <string_view>
#include <vector>

#include "agent/extract/extractor.h"

namespace landwaiter::agent::extract::os {

// Gentoo's database of installed packages (portage, the VDB): a folder a
// package, var/db/pkg/CATEGORY/NAME-VERSION[-rREVISION], whose name tells it
// (Package Manager Specification, 3.1 and 3.2). CONTENTS in it lists its files:
// "obj PATH MD5 MTIME", "sym PATH -> TARGET MTIME", "dir PATH". Packages are
// called "category/name". Licences, in a file of their own, are not read.
class Portage : public Extractor {
 public:
  std::string_view name() const override { return "os/portage"; }
  uint32_t version() const override { return 1; }
  bool Wants(std::string_view path) const override;
  absl::StatusOr<model::FileExtract> Extract(std::string_view path,
                                             File& file) const override;
  std::vector<std::string_view> WellKnownPaths() const override;
};

}  // namespace landwaiter::agent::extract::os

#endif  // LANDWAITER_AGENT_EXTRACT_OS_PORTAGE_PORTAGE_H_
