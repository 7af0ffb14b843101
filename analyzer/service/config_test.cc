#include "analyzer/service/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace landwaiter::analyzer::service {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kMinimal[] = R"(
server:
  certificateFile: /tls/tls.crt
  keyFile: /tls/tls.key
  clientCAFile: /tls/ca.crt
store:
  directory: /var/lib/landwaiter
)";

TEST(ConfigTest, LittleIsNeeded) {
  const auto config = ParseConfig(kMinimal, "c.yaml");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->server.listen, "0.0.0.0:8443");
  EXPECT_THAT(config->server.client_names, ElementsAre("landwaiter-operator"));
  EXPECT_EQ(config->queue.lease, absl::Seconds(60));
  EXPECT_EQ(config->tokens.lifetime, absl::Minutes(15));
}

TEST(ConfigTest, EverythingCanBeSet) {
  const auto config = ParseConfig(R"(
server:
  listen: 127.0.0.1:1
  certificateFile: a
  keyFile: b
  clientCAFile: c
  clientNames: [d]
  reloadInterval: 5s
  maxThreads: 17
  maxConcurrentStreams: 18
  uploadMemory: 64MiB
  shutdownGrace: 3s
health: {listen: ""}
store: {directory: e, maxSize: 8GiB}
advisories: {sources: [f, g], interval: 10m}
queue: {lease: 30s, maxTries: 4, maxLostLeases: 5, retryBase: 1s, retryMax: 2m}
tokens: {lifetime: 5m}
log: {level: warning}
)",
                                  "c.yaml");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->server.max_threads, 17);
  EXPECT_EQ(config->server.upload_bytes, uint64_t{64} << 20);
  EXPECT_EQ(config->health_listen, "");
  EXPECT_EQ(config->store_max_bytes, uint64_t{8} << 30);
  EXPECT_THAT(config->advisory_sources, ElementsAre("f", "g"));
  EXPECT_EQ(config->queue.max_failures, 4u);
  EXPECT_EQ(config->queue.max_losses, 5u);
  EXPECT_EQ(config->log_level, base::LogLevel::kWarning);
}

TEST(ConfigTest, WhatIsMissingOrMisspeltIsNamed) {
  const auto empty = ParseConfig("", "c.yaml");
  EXPECT_THAT(std::string(empty.status().message()),
              HasSubstr("server: is missing"));
  const auto bad = ParseConfig(
      std::string(kMinimal) + "queu: {lease: 30s}\nlog: {level: loud}\n",
      "c.yaml");
  EXPECT_THAT(std::string(bad.status().message()),
              HasSubstr("did you mean queue?"));
  EXPECT_THAT(std::string(bad.status().message()),
              HasSubstr("log.level: must be debug"));
}

}  // namespace
}  // namespace landwaiter::analyzer::service
