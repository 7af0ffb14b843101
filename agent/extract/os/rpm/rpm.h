#ifndef LANDWAITER_AGENT_EXTRACT_OS_RPM_RPM_H_
#define LANDWAITER_AGENT_EXTRACT_OS_RPM_RPM_H_

#include <string_view>
#include <vector>

#include "agent/extract/extractor.h"

namespace landwaiter::agent::extract::os {

// rpm's database in its three formats and three places (var/lib/rpm, and
// usr/lib/sysimage/rpm and usr/share/rpm of systems whose /usr is the image).
// What a file holds is told by its first bytes, not by its name. Azure Linux's
// distroless images have a list of packages in its place (manifest.h).
//
// Limitation: an rpmdb.sqlite may have a write-ahead log with packages that it
// lacks itself. rpm empties the log when it ends; one that is not empty gives
// an extract of its own without packages and with a problem.
class Rpm : public Extractor {
 public:
  std::string_view name() const override { return "os/rpm"; }
  uint32_t version() const override { return 3; }
  bool Wants(std::string_view path) const override;
  absl::StatusOr<model::FileExtract> Extract(std::string_view path,
                                             File& file) const override;
  std::vector<std::string_view> WellKnownPaths() const override;
};

}  // namespace landwaiter::agent::extract::os

#endif  // LANDWAITER_AGENT_EXTRACT_OS_RPM_RPM_H_
