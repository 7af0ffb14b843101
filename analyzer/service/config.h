#ifndef LANDWAITER_ANALYZER_SERVICE_CONFIG_H_
#define LANDWAITER_ANALYZER_SERVICE_CONFIG_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "analyzer/advisory/fetch.h"
#include "analyzer/queue/environment.h"
#include "analyzer/service/server.h"
#include "analyzer/tokens/token_authority.h"
#include "core/base/log.h"

namespace landwaiter::analyzer::service {

// What `landwaiter-analyzer serve` runs with; docs/reference/analyzer-config.md
// has the keys.
struct AnalyzerConfig {
  ServerOptions server;
  std::string health_listen = "0.0.0.0:8080";  // empty: no such port
  // Holds store.db, token-keys.json and the advisory database.
  std::string store_directory;
  uint64_t store_max_bytes = 0;
  queue::QueueOptions queue;
  tokens::TokenOptions tokens;
  // Feeds, as advisory::ParseFeedSpecs reads them.
  std::vector<std::string> advisory_sources;
  advisory::FetchOptions advisory_fetch;
  absl::Duration advisory_interval = absl::Hours(1);
  base::LogLevel log_level = base::LogLevel::kInfo;
};

// INVALID_ARGUMENT with every problem, a line each; NOT_FOUND.
absl::StatusOr<AnalyzerConfig> LoadConfig(const std::string& path);
// The same from a text; `source` is what errors call it.
absl::StatusOr<AnalyzerConfig> ParseConfig(const std::string& text,
                                           std::string_view source);

}  // namespace landwaiter::analyzer::service

#endif  // LANDWAITER_ANALYZER_SERVICE_CONFIG_H_
