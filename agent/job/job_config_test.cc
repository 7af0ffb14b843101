#include "agent/job/job_config.h"

#include <filesystem>
#include <fstream>

#include "gtest/gtest.h"

namespace landwaiter::agent::job {
namespace {

class JobConfigTest : public testing::Test {
 protected:
  JobConfigTest() : directory_(testing::TempDir() + "/job") {
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
  }
  void Put(const std::string& name, const std::string& content) {
    std::ofstream(directory_ + "/" + name, std::ios::binary) << content;
  }
  // One of the examples that operator and agent share.
  void PutExample(const std::string& name) {
    std::filesystem::copy_file(
        std::string(LANDWAITER_SOURCE_DIR) + "/tests/contract/scan_job/" + name,
        directory_ + "/job.json",
        std::filesystem::copy_options::overwrite_existing);
  }
  const std::string directory_;
};

TEST_F(JobConfigTest, ReadsTheScanExampleOfTheContract) {
  PutExample("scan.json");
  Put("username", "robot$scan");
  Put("password", " byte for byte\n");
  Put("analyzer-ca.crt", "PEM");
  Put("token", "t");
  const auto config = ReadJobConfig(directory_, JobKind::kScan);
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->registry_type, "OCI");
  EXPECT_EQ(config->connection.version, "V2");
  EXPECT_EQ(config->connection.http.base.ToString(),
            "https://harbor.example.com/");
  EXPECT_EQ(config->connection.http.connect_ip, "10.0.0.7");
  EXPECT_EQ(config->connection.http.connect_port, 8443);
  EXPECT_EQ(config->connection.http.proxy.url, "http://proxy.example.com:3128");
  EXPECT_EQ(config->connection.credentials.username, "robot$scan");
  EXPECT_EQ(config->connection.credentials.password, " byte for byte\n");
  EXPECT_EQ(config->analyzer_address,
            "landwaiter-analyzer.landwaiter.svc:8443");
  EXPECT_EQ(config->token, "t");
}

TEST_F(JobConfigTest, ReadsTheVerifyExampleOfTheContract) {
  PutExample("verify.json");
  const auto config = ReadJobConfig(directory_, JobKind::kVerify);
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_TRUE(config->connection.credentials.empty());
  EXPECT_EQ(config->spill_directory, "/var/spill");
}

TEST_F(JobConfigTest, ReadsWhatACloudsRegistryHas) {
  PutExample("scan_acr.json");
  Put("analyzer-ca.crt", "PEM");
  Put("token", "t");
  const auto config = ReadJobConfig(directory_, JobKind::kScan);
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->connection.region, "cn-hangzhou");
  EXPECT_TRUE(config->connection.private_network);
  EXPECT_EQ(config->connection.edition, "Enterprise");
  EXPECT_EQ(config->connection.instance_id, "cri-0123456789abcdef");
  const auto& policy = config->connection.http.address_policy;
  EXPECT_TRUE(policy("169.254.10.1").ok());
  EXPECT_FALSE(policy("169.254.169.254").ok());
}

TEST_F(JobConfigTest, ReadsTheBlocksOfSwrAndGoogle) {
  Put("job.json", R"({"spillDirectory": "/var/spill", "registry": {
      "uid": "u", "name": "n", "type": "SWR", "url": "https://r.example.com",
      "swr": {"edition": "Enterprise", "instanceId": "i-1"},
      "google": {"project": "acme-prod"}}})");
  const auto config = ReadJobConfig(directory_, JobKind::kVerify);
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->connection.edition, "Enterprise");
  EXPECT_EQ(config->connection.instance_id, "i-1");
  EXPECT_EQ(config->connection.google_project, "acme-prod");
}

TEST_F(JobConfigTest, ReadsTokensAndTheUploadedComponent) {
  PutExample("verify_quay.json");
  Put("token-0", "first");
  Put("token-1", "second\n");
  const auto config = ReadJobConfig(directory_, JobKind::kVerify);
  ASSERT_TRUE(config.ok()) << config.status();
  ASSERT_EQ(config->connection.tokens.size(), 2u);
  EXPECT_EQ(config->connection.tokens[0].name, "acme");
  EXPECT_EQ(config->connection.tokens[0].token, "first");
  EXPECT_EQ(config->connection.tokens[1].token, "second\n");
  ASSERT_TRUE(config->component.has_value());
  EXPECT_EQ(config->component->repository, "team/landwaiter-agent");
  EXPECT_EQ(config->component->tag, "0.1.0");
  EXPECT_EQ(config->component->config_digests.size(), 1u);
}

TEST_F(JobConfigTest, TokensThatAreMissingOrElsewhereAreRefused) {
  PutExample("verify_quay.json");
  Put("token-0", "first");
  EXPECT_NE(ReadJobConfig(directory_, JobKind::kVerify)
                .status()
                .message()
                .find("token-1"),
            absl::string_view::npos);
  for (const char* file : {"password", "../token-0", "token-", "token-0/x"}) {
    Put("job.json",
        std::string(R"({"registry":{"type":"Quay","url":"http://r",)"
                    R"("tokens":[{"name":"a","file":")") +
            file + R"("}]},"spillDirectory":"/s"})");
    EXPECT_FALSE(ReadJobConfig(directory_, JobKind::kVerify).ok()) << file;
  }
}

TEST_F(JobConfigTest, AddressesThatAreNoListAreRefused) {
  Put("job.json", R"({"registry":{"type":"OCI","url":"http://r"},)"
                  R"("spillDirectory":"/s","allowedAddresses":"::1"})");
  EXPECT_FALSE(ReadJobConfig(directory_, JobKind::kVerify).ok());
  Put("job.json", R"({"registry":{"type":"OCI","url":"http://r"},)"
                  R"("spillDirectory":"/s","allowedAddresses":["x"]})");
  EXPECT_FALSE(ReadJobConfig(directory_, JobKind::kVerify).ok());
}

// Without a word from the operator, the address policy is there.
TEST_F(JobConfigTest, NoJobConnectsToLoopbackUnlessItIsAllowed) {
  PutExample("verify.json");
  const auto config = ReadJobConfig(directory_, JobKind::kVerify);
  const auto& policy = config->connection.http.address_policy;
  ASSERT_TRUE(policy != nullptr);
  EXPECT_FALSE(policy("127.0.0.1").ok());
  EXPECT_TRUE(policy("10.244.0.1").ok());
}

TEST_F(JobConfigTest, WhatIsMissingIsNamed) {
  EXPECT_NE(ReadJobConfig(directory_, JobKind::kVerify)
                .status()
                .message()
                .find("job.json"),
            absl::string_view::npos);
  PutExample("scan.json");
  EXPECT_NE(ReadJobConfig(directory_, JobKind::kScan)
                .status()
                .message()
                .find("analyzer-ca.crt"),
            absl::string_view::npos);
  Put("job.json", R"({"registry":{"type":"OCI","url":"ftp://x"}})");
  EXPECT_NE(ReadJobConfig(directory_, JobKind::kVerify)
                .status()
                .message()
                .find("registry.url"),
            absl::string_view::npos);
  Put("job.json", "[]");
  EXPECT_FALSE(ReadJobConfig(directory_, JobKind::kVerify).ok());
}

TEST_F(JobConfigTest, KeysFromTheFutureAreIgnored) {
  Put("job.json", R"({"registry":{"type":"OCI","url":"http://r","new":[1]},)"
                  R"("spillDirectory":"/s","newer":{}})");
  EXPECT_TRUE(ReadJobConfig(directory_, JobKind::kVerify).ok());
}

}  // namespace
}  // namespace landwaiter::agent::job
