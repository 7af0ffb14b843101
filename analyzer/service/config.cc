#include "analyzer/service/config.h"

#include <fstream>
#include <iterator>

#include "analyzer/advisory/feed_spec.h"
#include "core/base/failure.h"
#include "core/base/log_level.h"
#include "core/base/strings.h"
#include "core/config/strict_yaml.h"

namespace landwaiter::analyzer::service {
namespace {

using config::StrictYaml;

void Require(StrictYaml& yaml, std::string_view key, std::string& value) {
  yaml.Text(key, value);
  if (value.empty()) yaml.Problem(key, "is missing");
}

void ReadInt(StrictYaml& yaml, std::string_view key, int& value, uint64_t least,
             uint64_t most) {
  uint64_t number = static_cast<uint64_t>(value);
  yaml.Uint(key, number, least, most);
  value = static_cast<int>(number);
}

void ReadServer(StrictYaml& yaml, ServerOptions& server) {
  yaml.Text("listen", server.listen);
  Require(yaml, "certificateFile", server.certificate_file);
  Require(yaml, "keyFile", server.key_file);
  Require(yaml, "clientCAFile", server.client_ca_file);
  yaml.TextList("clientNames", server.client_names);
  if (server.client_names.empty()) yaml.Problem("clientNames", "is empty");
  yaml.Duration("reloadInterval", server.tls_reload, absl::Seconds(1),
                absl::Hours(24));
  ReadInt(yaml, "maxThreads", server.max_threads, 16, 4096);
  ReadInt(yaml, "maxConcurrentStreams", server.max_concurrent_streams, 1,
          10'000);
  yaml.Size("uploadMemory", server.upload_bytes);
  yaml.Duration("shutdownGrace", server.shutdown_grace, absl::ZeroDuration(),
                absl::Minutes(10));
}

void ReadQueue(StrictYaml& yaml, queue::QueueOptions& queue) {
  yaml.Duration("lease", queue.lease, absl::Seconds(5), absl::Hours(1));
  uint64_t tries = queue.max_failures;
  yaml.Uint("maxTries", tries, 1, 100);
  queue.max_failures = static_cast<uint32_t>(tries);
  uint64_t losses = queue.max_losses;
  yaml.Uint("maxLostLeases", losses, 1, 1000);
  queue.max_losses = static_cast<uint32_t>(losses);
  yaml.Duration("retryBase", queue.retry_base, absl::Milliseconds(100),
                absl::Hours(1));
  yaml.Duration("retryMax", queue.retry_max, queue.retry_base, absl::Hours(4));
}

void ReadLog(StrictYaml& yaml, base::LogLevel& level) {
  std::string text = "info";
  yaml.Text("level", text);
  if (const auto named = base::LogLevelFromString(text)) {
    level = *named;
  } else {
    yaml.Problem("level", "must be debug, info, warning or error");
  }
}

void ReadAdvisories(StrictYaml& yaml, AnalyzerConfig& config) {
  yaml.TextList("sources", config.advisory_sources);
  for (const std::string& source : config.advisory_sources) {
    const absl::Status status = advisory::ParseFeedSpec(source).status();
    if (!status.ok()) yaml.Problem("sources", base::ToStd(status.message()));
  }
  yaml.Duration("interval", config.advisory_interval, absl::Seconds(1),
                absl::Hours(24 * 7));
  advisory::FetchOptions& fetch = config.advisory_fetch;
  yaml.Text("proxy", fetch.proxy.url);
  yaml.Text("noProxy", fetch.proxy.no_proxy);
  yaml.Text("dockerConfigFile", fetch.docker_config);
  yaml.Size("maxFeedSize", fetch.max_bytes);
  std::string ca_file;
  yaml.Text("caFile", ca_file);
  if (ca_file.empty()) return;
  std::ifstream in(ca_file, std::ios::binary);
  fetch.tls.ca_pem.assign(std::istreambuf_iterator<char>(in), {});
  if (fetch.tls.ca_pem.empty()) yaml.Problem("caFile", "cannot be read");
}

void ReadConfig(StrictYaml& yaml, AnalyzerConfig& config) {
  for (const char* section : {"server", "store"}) {
    if (!yaml.Has(section)) yaml.Problem(section, "is missing");
  }
  yaml.Object("server",
              [&](StrictYaml& section) { ReadServer(section, config.server); });
  yaml.Object("health", [&](StrictYaml& section) {
    section.Text("listen", config.health_listen);
  });
  yaml.Object("store", [&](StrictYaml& section) {
    Require(section, "directory", config.store_directory);
    section.Size("maxSize", config.store_max_bytes);
  });
  yaml.Object("advisories",
              [&](StrictYaml& section) { ReadAdvisories(section, config); });
  yaml.Object("queue",
              [&](StrictYaml& section) { ReadQueue(section, config.queue); });
  yaml.Object("tokens", [&](StrictYaml& section) {
    section.Duration("lifetime", config.tokens.lifetime, absl::Minutes(2),
                     absl::Hours(1));
  });
  yaml.Object("log",
              [&](StrictYaml& section) { ReadLog(section, config.log_level); });
}

}  // namespace

absl::StatusOr<AnalyzerConfig> LoadConfig(const std::string& path) {
  AnalyzerConfig config;
  LANDWAITER_RETURN_IF_ERROR(config::ReadYamlFile(
      path, [&](StrictYaml& yaml) { ReadConfig(yaml, config); }));
  return config;
}

absl::StatusOr<AnalyzerConfig> ParseConfig(const std::string& text,
                                           std::string_view source) {
  AnalyzerConfig config;
  LANDWAITER_RETURN_IF_ERROR(config::ReadYaml(
      text, source, [&](StrictYaml& yaml) { ReadConfig(yaml, config); }));
  return config;
}

}  // namespace landwaiter::analyzer::service
