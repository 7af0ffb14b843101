#ifndef LANDWAITER_ANALYZER_MATCH_MATCH_H_
#define LANDWAITER_ANALYZER_MATCH_MATCH_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "analyzer/advisory/build.h"
#include "analyzer/advisory/fetch.h"
#include "analyzer/detect/detect.h"
#include "core/model/image.h"

namespace landwaiter::analyzer::match {

struct MatchOptions {
  std::string inventory;                // a file, or "-" for stdin
  std::vector<std::string> advisories;  // directories, files and URLs
  std::string database;                 // a built one, instead of `advisories`
  std::string cache_directory;
  advisory::FetchOptions fetch;
};

struct MatchResult {
  model::Inventory inventory;
  detect::DetectionResult detection;  // the most urgent finding first
  std::string advisory_version;
  advisory::BuildReport report;
};

// Reads the inventory, gets the advisories and matches one with the other.
absl::StatusOr<MatchResult> Match(const MatchOptions& options);

}  // namespace landwaiter::analyzer::match

#endif  // LANDWAITER_ANALYZER_MATCH_MATCH_H_
