#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nlohmann/json.hpp"
#include "operator/api/image_registry.h"
#include "operator/api/repository_cluster.h"
#include "operator/api/scan_policy.h"
#include "operator/api/scan_task.h"

namespace landwaiter::api {
namespace {

using Json = nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Json Registry(const char* spec) {
  return {{"metadata", {{"name", "r"}, {"namespace", "n"}, {"uid", "u"}}},
          {"spec", Json::parse(spec)}};
}

TEST(ImageRegistryTest, EveryFormOfEndpointGivesUrlAndHost) {
  const struct {
    const char* endpoint;
    const char* url;
    const char* host;
  } kCases[] = {
      {R"({"url": "https://Harbor.example.com/"})",
       "https://harbor.example.com", "harbor.example.com"},
      {R"({"url": "https://h.example:443"})", "https://h.example", "h.example"},
      {R"({"url": "http://10.0.0.7:5000"})", "http://10.0.0.7:5000",
       "10.0.0.7:5000"},
      {R"({"domain": "h.example"})", "https://h.example", "h.example"},
      {R"({"domain": "h.example", "protocol": "HTTP", "port": 80})",
       "http://h.example", "h.example"},
      {R"({"domain": "h.example", "port": 8443})", "https://h.example:8443",
       "h.example:8443"},
  };
  for (const auto& test : kCases) {
    Json object = Registry("{}");
    object["spec"]["endpoint"] = Json::parse(test.endpoint);
    const auto registry = ImageRegistry::Parse(object);
    ASSERT_TRUE(registry.ok()) << registry.status();
    EXPECT_EQ(registry->url, test.url);
    EXPECT_EQ(registry->host, test.host);
  }
}

TEST(ImageRegistryTest, ImagesPerHourIsANumberOrUnlimited) {
  const char* endpoint = R"({"endpoint": {"url": "http://h"}})";
  EXPECT_EQ(ImageRegistry::Parse(Registry(endpoint))->images_per_hour, 10u);
  Json object = Registry(endpoint);
  object["spec"]["imagesPerHour"] = "Unlimited";
  EXPECT_EQ(ImageRegistry::Parse(object)->images_per_hour, 0u);
  object["spec"]["imagesPerHour"] = 60;
  EXPECT_EQ(ImageRegistry::Parse(object)->images_per_hour, 60u);
}

TEST(ImageRegistryTest, WrongTypeIsAnErrorThatNamesTheField) {
  Json object = Registry(R"({"endpoint": {"url": "http://h"},
                             "tls": {"insecureSkipVerify": "yes"}})");
  EXPECT_THAT(std::string(ImageRegistry::Parse(object).status().message()),
              HasSubstr(".spec.tls.insecureSkipVerify"));
}

TEST(SpecTest, NothingThrowsWhateverTheObjectIs) {
  for (const char* text :
       {"null", "[]", "3", R"({"spec": []})", R"({"metadata": 1, "spec": {}})",
        R"({"spec": {"scope": 1, "endpoint": 2, "connection": "x"}})",
        R"({"spec": {"scope": {"registries": {"selector": 5}}}})"}) {
    const Json object = Json::parse(text);
    (void)RepositoryCluster::Parse(object);
    (void)ImageRegistry::Parse(object);
    (void)ScanPolicy::Parse(object);
    (void)ScanTask::Parse(object);
  }
}

TEST(ScopeTest, SelectorWantsAllOfItsRequirements) {
  const Json spec = Json::parse(R"({"spec": {"type": "ImageScan", "scope": {
    "registries": {"selector": {"matchLabels": {"team": "a"},
      "matchExpressions": [{"key": "env", "operator": "NotIn",
                            "values": ["dev"]}]}}}}})");
  const auto task = ScanTask::Parse(spec);
  ASSERT_TRUE(task.ok()) << task.status();
  const LabelSelector& selector = task->scope->selector;
  const auto object = [](const char* labels) {
    return Json{{"metadata", {{"labels", Json::parse(labels)}}}};
  };
  EXPECT_TRUE(selector.Matches(object(R"({"team": "a"})")));
  EXPECT_TRUE(selector.Matches(object(R"({"team": "a", "env": "prod"})")));
  EXPECT_FALSE(selector.Matches(object(R"({"team": "a", "env": "dev"})")));
  EXPECT_FALSE(selector.Matches(object(R"({"team": "b"})")));
  EXPECT_FALSE(selector.Matches(Json::object()));
}

TEST(ScanPolicyTest, ItemsThatDoNotRunAreNamed) {
  EXPECT_THAT(
      ItemsNotImplemented({"Malware", "SystemVulnerabilities", "Baseline"}),
      ElementsAre("Malware", "Baseline"));
  EXPECT_THAT(ItemsNotImplemented(
                  {"SystemVulnerabilities", "ApplicationVulnerabilities"}),
              IsEmpty());
}

}  // namespace
}  // namespace landwaiter::api
