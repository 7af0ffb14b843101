#ifndef LANDWAITER_AGENT_EXTRACT_OS_OPKG_OPKG_H_
#define LANDWAITER_AGENT_EXTRACT_OS_OPKG_OPKG_H_

#include <string_view>
#include <vector>

#include "agent/extract/extractor.h"

namespace landwaiter::agent::extract::os {

// opkg's status file, in dpkg's form, and the lists of files beside it
// (info/NAME.list: a path a line; Yocto's have a tab and the mode behind).
// OpenWrt, before it took apk, has it below usr/lib, Yocto's images below
// var/lib. A package is installed by the rules of os/dpkg: "install user
// installed" and "install ok unpacked" are, "deinstall ok not-installed" is
// not.
class Opkg : public Extractor {
 public:
  std::string_view name() const override { return "os/opkg"; }
  uint32_t version() const override { return 1; }
  bool Wants(std::string_view path) const override;
  absl::StatusOr<model::FileExtract> Extract(std::string_view path,
                                             File& file) const override;
  std::vector<std::string_view> WellKnownPaths() const override;
};

}  // namespace landwaiter::agent::extract::os

#endif  // LANDWAITER_AGENT_EXTRACT_OS_OPKG_OPKG_H_
