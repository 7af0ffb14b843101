#ifndef LANDWAITER_AGENT_EXTRACT_LANG_JAVA_JAVA_H_
#define LANDWAITER_AGENT_EXTRACT_LANG_JAVA_JAVA_H_

#include <string_view>

#include "agent/extract/extractor.h"

namespace landwaiter::agent::extract::lang {

// Java archives (jar, war, ear, par, hpi, jpi) and the archives within, five
// deep. Every pom.properties is a package of its own, so what was shaded into
// an archive is seen as long as its metadata is. An archive without one is
// told by its manifest and its name (OwnCoordinate in identity.h); then the
// group may be unknown, and the name is the artifact alone.
//
// Limitation: a shaded library whose metadata was dropped is not seen, nor one
// in a jar that was renamed and has no metadata.
class Java : public Extractor {
 public:
  std::string_view name() const override { return "lang/java"; }
  uint32_t version() const override { return 2; }
  bool Wants(std::string_view path) const override;
  absl::StatusOr<model::FileExtract> Extract(std::string_view path,
                                             File& file) const override;
};

}  // namespace landwaiter::agent::extract::lang

#endif  // LANDWAITER_AGENT_EXTRACT_LANG_JAVA_JAVA_H_
