#include "agent/job/discover.h"

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "agent/job/job_config.h"
#include "agent/job/result.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/registries/acr/simulator.h"

namespace landwaiter::agent::job {
namespace {

using registry::cloud::Instance;
using testing::HasSubstr;

class DiscoverTest : public testing::Test {
 protected:
  DiscoverTest() : directory_(testing::TempDir() + "/discover") {
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
    options_.job_directory = directory_;
    options_.termination_log = directory_ + "/log";
    Put("log", "");
    simulator_.instances = {{"cri-abcdefgh12345678", "team",
                             "team-registry.cn-hangzhou.cr.aliyuncs.com"}};
    simulator_.content = test::StandardContent();
  }
  void Put(const std::string& name, const std::string& content) {
    std::ofstream(directory_ + "/" + name, std::ios::binary) << content;
  }
  void PutExample() {
    std::filesystem::copy_file(std::string(LANDWAITER_SOURCE_DIR) +
                                   "/tests/contract/scan_job/discover.json",
                               directory_ + "/job.json");
  }
  // A job for the simulator's region; the simulator is on loopback.
  void PutJob() {
    Put("job.json", R"({"account":{"provider":"AlibabaCloud","regions":)"
                    R"(["cn-hangzhou"]},"allowedAddresses":["127.0.0.0/8"],)"
                    R"("spillDirectory":"/s"})");
    Put("username", simulator_.key.username);
    Put("password", simulator_.key.password);
  }
  int Run() {
    return RunDiscover(options_, clock_, simulator_.server.url().Origin());
  }
  nlohmann::json Result() {
    std::ifstream file(options_.termination_log);
    std::stringstream text;
    text << file.rdbuf();
    return nlohmann::json::parse(text.str());
  }

  const std::string directory_;
  RunOptions options_;
  base::FakeClock clock_;
  test::AcrSimulator simulator_{clock_};
};

std::vector<Instance> Many(int count) {
  return std::vector<Instance>(
      count, {"cri-abcdefgh12345678", "a-name", "ACR", "Enterprise",
              "cn-hangzhou", "a-registry.cn-hangzhou.cr.aliyuncs.com"});
}

TEST_F(DiscoverTest, ReadsTheExampleOfTheContract) {
  PutExample();
  Put("username", "id");
  Put("password", "secret");
  const auto config = ReadAccountConfig(directory_);
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->provider, "AlibabaCloud");
  EXPECT_THAT(config->regions,
              testing::ElementsAre("cn-hangzhou", "cn-shanghai"));
  EXPECT_EQ(config->connection.http.proxy.url, "http://proxy.example.com:3128");
  EXPECT_EQ(config->connection.credentials.username, "id");
}

TEST_F(DiscoverTest, WritesWhatTheExampleOfTheContractShows) {
  PutJob();
  EXPECT_EQ(Run(), kDone);
  std::ifstream example(std::string(LANDWAITER_SOURCE_DIR) +
                        "/tests/contract/scan_job/discover_ok.json");
  EXPECT_EQ(Result(), nlohmann::json::parse(example));
}

TEST_F(DiscoverTest, ARefusedKeyIsAResult) {
  PutJob();
  Put("password", "wrong");
  EXPECT_EQ(Run(), kDone);
  EXPECT_EQ(Result()["ok"], false);
  EXPECT_EQ(Result()["code"], "FailedToVerifyUsernameOrPwd");
  EXPECT_EQ(Result()["cause"], "SignatureDoesNotMatch");
}

TEST_F(DiscoverTest, WhatIsNotOfAnAccountIsAMatterOfTheNetwork) {
  PutJob();
  simulator_.throttled = 100;
  EXPECT_EQ(Run(), kDone);
  EXPECT_EQ(Result()["code"], "NetworkConnectError");
}

TEST_F(DiscoverTest, AnAddressThatIsForbiddenIsNotConnectedTo) {
  PutJob();
  Put("job.json", R"({"account":{"provider":"AlibabaCloud","regions":)"
                  R"(["cn-hangzhou"]}})");
  EXPECT_EQ(Run(), kDone);
  EXPECT_EQ(Result()["cause"], "BlockedAddress");
  EXPECT_TRUE(simulator_.server.Seen().empty());
}

TEST_F(DiscoverTest, AJobThatIsWrongIsPointless) {
  EXPECT_EQ(Run(), kPointless);
  for (const char* job :
       {"[]", "{}", R"({"account":{"provider":"Other","regions":["x"]}})",
        R"({"account":{"provider":"AWS","regions":[]}})",
        R"({"account":{"provider":"AWS","regions":["a/b"]}})"}) {
    PutJob();
    Put("job.json", job);
    EXPECT_EQ(Run(), kPointless) << job;
    EXPECT_EQ(Result()["ok"], false);
  }
}

TEST(DiscoverResultTest, WhatDoesNotFitIsAnErrorAndNeverCut) {
  const nlohmann::json fits = DiscoverResult(Many(20));
  EXPECT_EQ(fits["instances"].size(), 20u);
  EXPECT_LE(TextOf(fits).size(), kMaxResult);
  const nlohmann::json result = DiscoverResult(Many(40));
  EXPECT_EQ(result["ok"], false);
  EXPECT_EQ(result["code"], "LimitExceeded");
  EXPECT_EQ(result["cause"], "terminationMessage");
  EXPECT_THAT(result["message"].get<std::string>(), HasSubstr("40 registries"));
  EXPECT_FALSE(result.contains("instances"));
  EXPECT_LE(TextOf(result).size(), kMaxResult);
}

}  // namespace
}  // namespace landwaiter::agent::job
