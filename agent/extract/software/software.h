#ifndef LANDWAITER_AGENT_EXTRACT_SOFTWARE_SOFTWARE_H_
#define LANDWAITER_AGENT_EXTRACT_SOFTWARE_SOFTWARE_H_

#include <string_view>

#include "agent/extract/extractor.h"

namespace landwaiter::agent::extract::software {

// Middleware, databases and runtimes that no package manager installed: the
// versions that their programs and libraries have in them (signatures.h) or
// that files beside them tell (release_files.h), as packages of type
// "generic". Which of them the system's package manager answers for is decided
// when layers are merged.
//
// Limitation: a program is known by its name, so a renamed one is not seen;
// nor is a packed one. MongoDB tells its version in no string of its own: it
// is seen where Bitnami installed it.
class Software : public Extractor {
 public:
  std::string_view name() const override { return "software"; }
  uint32_t version() const override { return 1; }
  bool Wants(std::string_view path) const override;
  bool WantsContent(const Candidate& file) const override;
  absl::StatusOr<model::FileExtract> Extract(std::string_view path,
                                             File& file) const override;
};

}  // namespace landwaiter::agent::extract::software

#endif  // LANDWAITER_AGENT_EXTRACT_SOFTWARE_SOFTWARE_H_
