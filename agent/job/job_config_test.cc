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
