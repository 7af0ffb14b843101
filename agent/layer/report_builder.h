#ifndef LANDWAITER_AGENT_LAYER_REPORT_BUILDER_H_
#define LANDWAITER_AGENT_LAYER_REPORT_BUILDER_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "agent/layer/limits.h"
#include "agent/layer/tar_reader.h"
#include "core/model/layer_report.h"

namespace landwaiter::agent::layer {

// Puts a layer's report together from its entries in the order of the
// archive. Where a path occurs twice the later entry wins, as it does when a
// runtime unpacks the layer. Paths given to it are clean.
class ReportBuilder {
 public:
  // `well_known`: all extractors' WellKnownPaths.
  ReportBuilder(const Limits& limits,
                const std::vector<std::string_view>& well_known);

  // An entry that is no whiteout: forgets what it replaces, notes it if it
  // hides or redirects a well-known path. LimitExceeded (reportSize).
  absl::Status AddEntry(TarEntry::Type type, std::string_view path,
                        std::string_view link);
  absl::Status AddWhiteout(std::string_view path, bool opaque);
  // REQUIRES: path and extractor are filled in.
  absl::Status AddExtract(model::FileExtract extract);
  // What `extractor` read at `path`, or nullptr.
  const model::FileExtract* FindExtract(std::string_view path,
                                        std::string_view extractor) const;

  // The lists, sorted; digests and sizes are the caller's. The object is
  // spent.
  model::LayerReport Build();

 private:
  enum class WellKnown { kFile, kDirectory };

  void Forget(std::string_view path, bool below);
  // Adds to what the report takes; LimitExceeded past the limit.
  absl::Status Charge(uint64_t bytes);

  const Limits limits_;
  absl::flat_hash_map<std::string, WellKnown> well_known_;
  uint64_t charged_ = 0;
  // By (path, extractor).
  std::map<std::pair<std::string, std::string>, model::FileExtract> extracts_;
  std::vector<model::Whiteout> whiteouts_;
  std::set<std::string> obstructions_;
  std::map<std::string, std::string> links_;
};

}  // namespace landwaiter::agent::layer

#endif  // LANDWAITER_AGENT_LAYER_REPORT_BUILDER_H_
