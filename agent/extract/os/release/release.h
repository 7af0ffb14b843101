#ifndef LANDWAITER_AGENT_EXTRACT_OS_RELEASE_RELEASE_H_
#define LANDWAITER_AGENT_EXTRACT_OS_RELEASE_RELEASE_H_

#include <optional>
#include <string_view>
#include <vector>

#include "agent/extract/extractor.h"

namespace landwaiter::agent::extract::os {

// Tells the system from os-release and the files that came before it. The id
// is that of os-release whatever the file was: "rhel", "centos", "ol", "amzn",
// "sles", "debian"; likewise the version ("6.10", "11.4" for SLES 11 SP4, "9"
// for a debian_version of "9.13", "2023" for Amazon Linux 2023.3).
//
// Several of the files are usually there, and lower ones are about what the
// system derives from: Ubuntu's debian_version tells Debian's release, Oracle
// Linux has a redhat-release that says Red Hat. A merge should take the first
// that gives an OsRelease in the order of Paths(). Where that one has neither
// version_id nor codename (old distroless), a later one with the same id may
// fill them in.
//
// A release file without a system in it (an LSB_VERSION alone, an empty file)
// gives no OsRelease; only for os-release and the one-line files is that a
// problem.
class Release : public Extractor {
 public:
  std::string_view name() const override { return "os/release"; }
  uint32_t version() const override { return 1; }
  bool Wants(std::string_view path) const override;
  absl::StatusOr<model::FileExtract> Extract(std::string_view path,
                                             File& file) const override;
  std::vector<std::string_view> WellKnownPaths() const override;

  // The files in order of precedence.
  static std::vector<std::string_view> Paths();
};

}  // namespace landwaiter::agent::extract::os

#endif  // LANDWAITER_AGENT_EXTRACT_OS_RELEASE_RELEASE_H_
