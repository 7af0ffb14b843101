#ifndef LANDWAITER_AGENT_LAYER_TESTING_LINE_EXTRACTOR_H_
#define LANDWAITER_AGENT_LAYER_TESTING_LINE_EXTRACTOR_H_

#include <string_view>
#include <vector>

#include "agent/extract/extractor.h"

namespace landwaiter::agent::layer::testing {

// A simple extractor for tests of the framework: each line of "db/list" and of
// files below "db/list.d/", and of any file that begins with "#lines", is the
// name of a package.
class LineExtractor : public extract::Extractor {
 public:
  std::string_view name() const override { return "test/line"; }
  uint32_t version() const override { return 3; }
  bool Wants(std::string_view path) const override;
  bool WantsContent(const extract::Candidate& file) const override;
  absl::StatusOr<model::FileExtract> Extract(
      std::string_view path, extract::File& file) const override;
  std::vector<std::string_view> WellKnownPaths() const override {
    return {"db/list", "db/list.d/"};
  }
};

}  // namespace landwaiter::agent::layer::testing

#endif  // LANDWAITER_AGENT_LAYER_TESTING_LINE_EXTRACTOR_H_
