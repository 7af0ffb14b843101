#ifndef LANDWAITER_AGENT_WORKER_TESTING_MISBEHAVING_EXTRACTOR_H_
#define LANDWAITER_AGENT_WORKER_TESTING_MISBEHAVING_EXTRACTOR_H_

#include <string_view>
#include <vector>

#include "agent/extract/extractor.h"

namespace landwaiter::agent::worker::testing {

// Stands for a parser that a hostile file has taken over: does what the name
// of the file says ("evil/crash", "evil/socket", ...).
class MisbehavingExtractor : public extract::Extractor {
 public:
  std::string_view name() const override { return "test/misbehaving"; }
  uint32_t version() const override { return 1; }
  bool Wants(std::string_view path) const override {
    return path.starts_with("evil/");
  }
  absl::StatusOr<model::FileExtract> Extract(
      std::string_view path, extract::File& file) const override;
  std::vector<std::string_view> WellKnownPaths() const override { return {}; }
};

}  // namespace landwaiter::agent::worker::testing

#endif  // LANDWAITER_AGENT_WORKER_TESTING_MISBEHAVING_EXTRACTOR_H_
