#include "operator/jobs/discover_result.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "nlohmann/json.hpp"

namespace landwaiter::jobs {
namespace {

// Of the contract with the agent (docs/scan-job.md).
std::string Example(const std::string& name) {
  std::ifstream file("../../tests/contract/scan_job/" + name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

DiscoverResult Parse(const std::string& message) {
  return ParseDiscoverResult({.exit_code = 0, .message = message});
}

std::string One(const std::string& field, const std::string& value) {
  nlohmann::json instance = {{"id", "cri-1"},
                             {"type", "ACR"},
                             {"region", "cn-hangzhou"},
                             {"domain", "a.example"}};
  instance[field] = value;
  return nlohmann::json{{"ok", true}, {"instances", {instance}}}.dump();
}

TEST(DiscoverResultTest, ReadsTheContractsExamples) {
  const DiscoverResult ok = Parse(Example("discover_ok.json"));
  EXPECT_TRUE(ok.outcome.ok);
  ASSERT_EQ(ok.instances.size(), 2u);
  EXPECT_EQ(ok.instances[0].id, "cri-abcdefgh12345678");
  EXPECT_EQ(ok.instances[0].edition, "Enterprise");
  EXPECT_EQ(ok.instances[1].domain, "registry.cn-hangzhou.aliyuncs.com");

  const DiscoverResult failed = Parse(Example("discover_failed.json"));
  EXPECT_FALSE(failed.outcome.ok);
  EXPECT_EQ(failed.outcome.code, "FailedToVerifyUsernameOrPwd");
}

TEST(DiscoverResultTest, AnAccountWithoutRegistriesIsNoFailure) {
  const DiscoverResult none = Parse(R"({"ok": true, "instances": []})");
  EXPECT_TRUE(none.outcome.ok);
  EXPECT_TRUE(none.instances.empty());
}

TEST(DiscoverResultTest, NothingIsBelievedOfAListThatCannotBe) {
  EXPECT_TRUE(Parse(One("name", "Anything, \"for\" people")).outcome.ok);
  for (const std::string& message :
       {std::string(R"({"ok": true})"), One("id", ""), One("id", "a/../b"),
        One("domain", "user:pass@evil.example"), One("domain", ""),
        One("region", "cn hangzhou"), One("type", "A-B"), One("edition", "x y"),
        One("id", std::string(200, 'a')),
        std::string(R"({"ok": true, "instances": [
            {"id": "a", "type": "ACR", "region": "r", "domain": "d"},
            {"id": "a", "type": "ACR", "region": "r", "domain": "d"}]})")}) {
    const DiscoverResult result = Parse(message);
    EXPECT_FALSE(result.outcome.ok) << message;
    EXPECT_EQ(result.outcome.code, "Internal") << message;
    EXPECT_TRUE(result.instances.empty()) << message;
  }
}

TEST(DiscoverResultTest, InstanceComesBackAsItWasWritten) {
  const RegistryInstance instance =
      Parse(Example("discover_ok.json")).instances.front();
  EXPECT_EQ(InstanceFromJson(InstanceJson(instance)), instance);
}

}  // namespace
}  // namespace landwaiter::jobs
