#include "operator/config/operator_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace landwaiter::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string ErrorOf(const std::string& text, const std::string& ns = "lw") {
  return std::string(
      ParseOperatorConfig(text, "config.yaml", ns).status().message());
}

TEST(OperatorConfigTest, AnImageIsEnough) {
  const auto config =
      ParseOperatorConfig("scanPods: {image: 'agent:1'}", "config.yaml", "lw");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_THAT(config->namespaces, ElementsAre("lw"));
  EXPECT_THAT(config->settings.scan_namespaces, ElementsAre("lw"));
  EXPECT_EQ(config->analyzer.address, "landwaiter-analyzer.lw.svc:8443");
  EXPECT_EQ(config->settings.component.analyzer_address,
            config->analyzer.address);
  EXPECT_EQ(config->settings.component.analyzer_server_name,
            "landwaiter-analyzer.lw.svc");
  EXPECT_THAT(config->certificates.rotation.server.dns_names,
              ElementsAre("landwaiter-analyzer.lw.svc"));
}

TEST(OperatorConfigTest, EverythingCanBeSet) {
  const auto config = ParseOperatorConfig(R"(
logLevel: debug
namespace: a
namespaces: [a, b]
lease: other
listen: 127.0.0.1:9
kubeconfig: /k
verifyInterval: 1h
analyzer: {address: 'x:1', serverName: y, callDeadline: 5s}
scanPods:
  image: agent:1
  imagePullPolicy: Always
  analyzerAddress: z:2
  analyzerServerName: y
  namespaces: [scans]
  priorityClasses: [low]
certificates:
  issue: false
  caSecret: c
  analyzerSecret: d
  operatorSecret: e
  analyzerNames: [y]
)",
                                          "config.yaml", "lw");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->ns, "a");
  EXPECT_FALSE(config->certificates.issue);
  EXPECT_EQ(config->settings.component.analyzer_address, "z:2");
  EXPECT_THAT(config->settings.priority_classes, ElementsAre("low"));
}

TEST(OperatorConfigTest, MisspeltKeyIsToldWithTheRightOne) {
  EXPECT_THAT(ErrorOf("scanPods: {imag: a}"), HasSubstr("scanPods.image"));
}

TEST(OperatorConfigTest, AddressesAndDigestsReachTheScanComponent) {
  const std::string digest = "sha256:" + std::string(64, 'a');
  const auto config = ParseOperatorConfig(
      "{scanPods: {image: a, configDigests: ['" + digest +
          "']}, agent: {allowedAddresses: [127.0.0.0/8, '::1']}}",
      "config.yaml", "lw");
  ASSERT_TRUE(config.ok()) << config.status();
  const jobs::ScanComponent& component = config->settings.component;
  EXPECT_THAT(component.allowed_addresses, ElementsAre("127.0.0.0/8", "::1"));
  EXPECT_THAT(component.config_digests, ElementsAre(digest));
  EXPECT_NE(component.version, "");
  EXPECT_THAT(ErrorOf("{scanPods: {image: a, configDigests: [latest]}}"),
              HasSubstr("scanPods.configDigests"));
  for (const char* wrong : {"localhost", "10.0.0.0/33", "10.0.0.0/", "::1/x"}) {
    EXPECT_THAT(ErrorOf("{scanPods: {image: a}, agent: {allowedAddresses: ['" +
                        std::string(wrong) + "']}}"),
                HasSubstr("agent.allowedAddresses"));
  }
}

TEST(OperatorConfigTest, AddressesOfFarClustersAreTheirOwn) {
  const auto config = ParseOperatorConfig(
      "{scanPods: {image: a}, clusters: {allowedAddresses: [127.0.0.1]}}",
      "config.yaml", "lw");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_THAT(config->cluster_addresses, ElementsAre("127.0.0.1"));
  EXPECT_THAT(config->settings.component.allowed_addresses, IsEmpty());
  EXPECT_THAT(
      ErrorOf("{scanPods: {image: a}, clusters: {allowedAddresses: [far]}}"),
      HasSubstr("clusters.allowedAddresses"));
}

TEST(OperatorConfigTest, ConnectorsHaveACaOfTheirOwnWhereSomebodyElseIssues) {
  const auto secret = [](const std::string& text) {
    const auto config = ParseOperatorConfig(
        "{scanPods: {image: a}" + text + "}", "config.yaml", "lw");
    EXPECT_TRUE(config.ok()) << config.status();
    return config->certificates.connector_ca_secret;
  };
  EXPECT_EQ(secret(", connector: {address: 'o:1'}"), "");
  EXPECT_EQ(secret(", certificates: {issue: false}"), "");
  EXPECT_EQ(
      secret(", connector: {address: 'o:1'}, certificates: {issue: false}"),
      "landwaiter-connector-ca");
}

TEST(OperatorConfigTest, WhatCannotWorkIsRefused) {
  EXPECT_THAT(ErrorOf(""), HasSubstr("scanPods.image"));
  EXPECT_THAT(ErrorOf("scanPods: {image: a}", ""), HasSubstr("namespace"));
  EXPECT_THAT(ErrorOf("{logLevel: loud, scanPods: {image: a}}"),
              HasSubstr("logLevel"));
  EXPECT_THAT(ErrorOf("{verifyInterval: 1s, scanPods: {image: a}}"),
              HasSubstr("verifyInterval"));
}

}  // namespace
}  // namespace landwaiter::config
