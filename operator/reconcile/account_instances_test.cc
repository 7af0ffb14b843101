#include "operator/reconcile/account_instances.h"

#include <gtest/gtest.h>

#include "nlohmann/json.hpp"
#include "operator/reconcile/account_discovery.h"

namespace landwaiter::reconcile {
namespace {

using kube::Json;

jobs::RegistryInstance Instance(const std::string& id,
                                const std::string& region = "r1") {
  return {.id = id, .type = "ACR", .region = region, .domain = id + ".example"};
}

TEST(AccountInstancesTest, LostOnlyAfterTwoCompleteListingsInARow) {
  std::vector<KnownInstance> known;
  TakeListing({Instance("a"), Instance("b")}, {"r1"}, known);
  ASSERT_EQ(known.size(), 2u);
  TakeListing({Instance("a")}, {"r1"}, known);
  EXPECT_FALSE(known[1].IsLost());
  // A listing that failed begins the count anew.
  TakeFailure({"r1"}, known);
  TakeListing({Instance("a")}, {"r1"}, known);
  EXPECT_FALSE(known[1].IsLost());
  // So does one that names it.
  TakeListing({Instance("a"), Instance("b")}, {"r1"}, known);
  TakeListing({Instance("a")}, {"r1"}, known);
  EXPECT_FALSE(known[1].IsLost());
  TakeListing({Instance("a")}, {"r1"}, known);
  EXPECT_TRUE(known[1].IsLost());
  EXPECT_FALSE(known[0].IsLost());
}

TEST(AccountInstancesTest, AListingSaysNothingOfOtherRegions) {
  std::vector<KnownInstance> known;
  TakeListing({Instance("a", "r1"), Instance("b", "r2")}, {"r1", "r2"}, known);
  for (int i = 0; i < 3; ++i) TakeListing({}, {"r1"}, known);
  EXPECT_TRUE(known[0].IsLost());
  EXPECT_FALSE(known[1].IsLost());
  // What was not asked for is not believed.
  TakeListing({Instance("c", "r9")}, {"r1"}, known);
  EXPECT_EQ(known.size(), 2u);
}

TEST(AccountInstancesTest, StatusHasRoomForSoMany) {
  std::vector<jobs::RegistryInstance> found;
  for (int i = 0; i < 120; ++i)
    found.push_back(Instance("i" + std::to_string(i)));
  std::vector<KnownInstance> known;
  EXPECT_EQ(TakeListing(found, {"r1"}, known), 20);
  EXPECT_EQ(known.size(), kMaxInstances);
}

TEST(AccountInstancesTest, StatusComesBackAsItWasWritten) {
  std::vector<KnownInstance> known = {{Instance("a"), 0}, {Instance("b"), 1}};
  const auto read =
      KnownFromStatus({{"status", {{"instances", KnownToJson(known)}}}});
  ASSERT_EQ(read.size(), 2u);
  EXPECT_EQ(read[1].instance, known[1].instance);
  EXPECT_EQ(read[1].missing, 1);
}

TEST(AccountInstancesTest, NamesAreValidAndTellInstancesApart) {
  api::RegistryAccount account;
  account.connection.name = "cloud";
  const auto name = [&](const std::string& id) {
    return InstanceRegistryName(account, Instance(id));
  };
  EXPECT_EQ(name("cri-1"), "cloud-cri-1");
  EXPECT_NE(name("123.eu-1"), name("123-eu-1"));
  for (const std::string& id :
       {std::string("a.."), std::string("-"), std::string(128, 'a') + "."}) {
    const std::string made = name(id);
    EXPECT_LE(made.size(), 253u);
    EXPECT_EQ(made.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"),
              std::string::npos);
    EXPECT_NE(made.back(), '-');
  }
}

api::RegistryAccount Account(const char* from) {
  api::RegistryAccount account;
  account.connection.ns = "team";
  account.connection.name = "cloud";
  account.connection.credentials_secret = "key";
  account.connection.cluster = "local";
  account.registry_template = std::make_shared<const Json>(Json::parse(from));
  return account;
}

TEST(AccountInstancesTest, RegistryIsWhatInstanceAndTemplateSay) {
  const Json registry = InstanceRegistry(
      Account(R"({"network": "VPC", "labels": {"team": "a"},
                  "proxy": {"url": "http://p:1"}})"),
      Json::parse(R"({"metadata": {"name": "cloud", "uid": "u1"}})"),
      {.id = "cri-1",
       .type = "ACR",
       .edition = "Enterprise",
       .region = "r1",
       .domain = "d.example"});
  const Json& spec = registry["spec"];
  EXPECT_EQ(spec["type"], "ACR");
  EXPECT_EQ(spec["endpoint"]["url"], "https://d.example");
  EXPECT_EQ(spec["acr"], Json::parse(R"({"edition": "Enterprise",
                                         "instanceId": "cri-1"})"));
  EXPECT_EQ(spec["credentialsSecretRef"]["name"], "key");
  EXPECT_EQ(spec["proxy"], Json::parse(R"({"url": "http://p:1"})"));
  EXPECT_FALSE(spec.contains("tls"));
  EXPECT_EQ(registry["metadata"]["labels"]["team"], "a");
  EXPECT_EQ(registry["metadata"]["ownerReferences"][0]["uid"], "u1");
}

TEST(AccountInstancesTest, AnSwrOfTheEnterpriseEditionNamesItsInstance) {
  for (const char* edition : {"Enterprise", "Shared"}) {
    const Json spec = InstanceRegistry(Account("{}"), Json::object(),
                                       {.id = "i-1",
                                        .type = "SWR",
                                        .edition = edition,
                                        .region = "r1",
                                        .domain = "d.example"})["spec"];
    EXPECT_EQ(spec["region"], "r1");
    EXPECT_EQ(spec.contains("swr"), std::string(edition) == "Enterprise");
    if (spec.contains("swr")) EXPECT_EQ(spec["swr"]["instanceId"], "i-1");
  }
}

TEST(AccountInstancesTest, PatchTakesBackWhatTheTemplateNoLongerSays) {
  const auto instance = Instance("cri-1");
  Json registry = InstanceRegistry(
      Account(R"({"network": "VPC", "proxy": {"url": "http://p:1",
                                              "noProxy": ".svc"}})"),
      Json::object(), instance);
  // Users' own, and the schema's defaults.
  registry["spec"]["suspend"] = true;
  registry["spec"]["sync"] = {{"interval", "1h"}};
  const Json same =
      InstancePatch(Account(R"({"network": "VPC", "proxy": {"url": "http://p:1",
                                              "noProxy": ".svc"}})"),
                    instance);
  EXPECT_FALSE(WouldChange(registry, same));

  const Json patch =
      InstancePatch(Account(R"({"proxy": {"url": "http://p:2"}})"), instance);
  EXPECT_TRUE(WouldChange(registry, patch));
  registry.merge_patch(patch);
  EXPECT_FALSE(registry["spec"].contains("network"));
  EXPECT_EQ(registry["spec"]["proxy"], Json::parse(R"({"url": "http://p:2"})"));
  EXPECT_EQ(registry["spec"]["suspend"], true);
}

TEST(DiscoveryCursorTest, PartsShrinkUntilTheirListsFitAndCoverAllRegions) {
  const std::vector<std::string> regions = {"a", "b", "c", "d", "e"};
  DiscoveryCursor cursor;
  EXPECT_EQ(cursor.Part(regions), regions);
  EXPECT_TRUE(cursor.Shrink(regions));
  EXPECT_EQ(cursor.Part(regions), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_FALSE(cursor.Advance(regions));
  EXPECT_EQ(cursor.Part(regions), (std::vector<std::string>{"d", "e"}));
  EXPECT_TRUE(cursor.Advance(regions));
  EXPECT_EQ(cursor.next, 0);
  while (cursor.Shrink(regions)) {
  }
  EXPECT_EQ(cursor.Part(regions), (std::vector<std::string>{"a"}));
  // Regions that were taken away meanwhile.
  cursor.next = 40;
  EXPECT_EQ(cursor.Part(regions), (std::vector<std::string>{"a"}));
}

}  // namespace
}  // namespace landwaiter::reconcile
