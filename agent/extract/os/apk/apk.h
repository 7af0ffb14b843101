#ifndef LANDWAITER_AGENT_EXTRACT_OS_APK_APK_H_
#define LANDWAITER_AGENT_EXTRACT_OS_APK_APK_H_

#include <string_view>
#include <vector>

#include "agent/extract/extractor.h"

namespace landwaiter::agent::extract::os {

// apk-tools' database of installed packages: stanzas of one-letter fields
// (P name, V version, A architecture, o origin, L licence, m maintainer),
// then the package's files: F a folder, R a file in it (a, Z, M are not kept).
// Alpine, Wolfi and their kin; from apk-tools 3 with a merged /usr it is below
// usr/lib.
class Apk : public Extractor {
 public:
  std::string_view name() const override { return "os/apk"; }
  uint32_t version() const override { return 3; }
  bool Wants(std::string_view path) const override;
  absl::StatusOr<model::FileExtract> Extract(std::string_view path,
                                             File& file) const override;
  std::vector<std::string_view> WellKnownPaths() const override;
};

}  // namespace landwaiter::agent::extract::os

#endif  // LANDWAITER_AGENT_EXTRACT_OS_APK_APK_H_
