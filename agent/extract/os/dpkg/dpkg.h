#ifndef LANDWAITER_AGENT_EXTRACT_OS_DPKG_DPKG_H_
#define LANDWAITER_AGENT_EXTRACT_OS_DPKG_DPKG_H_

#include <string_view>
#include <vector>

#include "agent/extract/extractor.h"

namespace landwaiter::agent::extract::os {

// dpkg's status database (deb822 stanzas, see dpkg's "Status" field in
// dpkg-query(1)), as one file or, in distroless images, a file a package in
// status.d beside its .md5sums.
//
// A package counts as installed when its code is on disk: in the states
// installed, triggers-pending, triggers-awaited, half-configured, unpacked and
// half-installed, whatever is wanted of it (hold, deinstall) and whatever its
// flag. "config-files" and "not-installed" are not. A stanza without Status
// counts too: files of status.d have none, and a scanner had better report
// too much.
// Who owns files is in lists beside it: info/NAME.list with a path a line, and
// status.d/NAME.md5sums with digest and path.
class Dpkg : public Extractor {
 public:
  std::string_view name() const override { return "os/dpkg"; }
  uint32_t version() const override { return 3; }
  bool Wants(std::string_view path) const override;
  absl::StatusOr<model::FileExtract> Extract(std::string_view path,
                                             File& file) const override;
  std::vector<std::string_view> WellKnownPaths() const override;
};

}  // namespace landwaiter::agent::extract::os

#endif  // LANDWAITER_AGENT_EXTRACT_OS_DPKG_DPKG_H_
