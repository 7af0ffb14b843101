#include "agent/registry/cloud/account.h"

#include "agent/registry/cloud/signature.h"
#include "agent/registry/testing.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/registries/acr/simulator.h"
#include "tests/support/registries/swr/simulator.h"

namespace landwaiter::agent::registry::cloud {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Connection At(const test::HttpServer& server, const Credentials& key) {
  Connection connection{.credentials = key};
  connection.api_url = server.url().Origin();
  return connection;
}

// "type edition region id domain" of each.
std::vector<std::string> LinesOf(
    const absl::StatusOr<std::vector<Instance>>& instances) {
  if (!instances.ok()) return {CodeOf(instances.status())};
  std::vector<std::string> lines;
  for (const Instance& i : *instances) {
    lines.push_back(base::StrCat(i.type, " ", i.edition, " ", i.region, " ",
                                 i.id, " ", i.domain));
  }
  return lines;
}

class AlibabaAccountTest : public testing::Test {
 protected:
  AlibabaAccountTest() {
    simulator_.instances = {{"cri-b", "b", "b-registry.example.com"},
                            {"cri-a", "a", "a-registry.example.com"}};
    simulator_.content = test::StandardContent();
  }
  std::vector<std::string> Find(std::vector<std::string> regions) {
    return LinesOf(FindInstances("AlibabaCloud", regions,
                                 At(simulator_.server, key_), clock_));
  }
  base::FakeClock clock_;
  test::AcrSimulator simulator_{clock_};
  Credentials key_ = simulator_.key;
};

TEST_F(AlibabaAccountTest, FindsEnterpriseInstancesAndThePersonalEdition) {
  EXPECT_THAT(Find({"cn-hangzhou"}),
              ElementsAre("ACR Enterprise cn-hangzhou cri-a "
                          "a-registry.example.com",
                          "ACR Enterprise cn-hangzhou cri-b "
                          "b-registry.example.com",
                          "ACR Personal cn-hangzhou personal-cn-hangzhou "
                          "registry.cn-hangzhou.aliyuncs.com"));
}

TEST_F(AlibabaAccountTest, ARegionNamedTwiceCountsOnce) {
  EXPECT_EQ(Find({"cn-hangzhou", "cn-hangzhou"}).size(), 3u);
}

TEST_F(AlibabaAccountTest, APersonalEditionThatIsNotThereIsNoError) {
  simulator_.personal_activated = false;
  EXPECT_EQ(Find({"cn-hangzhou"}).size(), 2u);
  simulator_.personal_activated = true;
  simulator_.content = {};
  EXPECT_EQ(Find({"cn-hangzhou"}).size(), 2u);
}

TEST_F(AlibabaAccountTest, MoreInstancesThanAPage) {
  for (int i = 0; i < 120; ++i) {
    simulator_.instances.push_back(
        {base::StrCat("cri-n", i), "n", "n.example.com"});
  }
  EXPECT_EQ(Find({"cn-hangzhou"}).size(), 123u);
}

TEST_F(AlibabaAccountTest, ARegionThatFailsFailsTheWhole) {
  simulator_.denied = {"/namespace"};
  EXPECT_THAT(Find({"cn-hangzhou"}),
              ElementsAre("UserDoesNotHaveAdminRole/Forbidden.RAM"));
  simulator_.denied = {"ListInstanceEndpoint"};
  EXPECT_THAT(Find({"cn-hangzhou"}),
              ElementsAre("UserDoesNotHaveAdminRole/Forbidden.RAM"));
}

TEST_F(AlibabaAccountTest, AWrongKeyIsToldAndAClockToo) {
  key_.password = "wrong";
  EXPECT_THAT(Find({"cn-hangzhou"}),
              ElementsAre("FailedToVerifyUsernameOrPwd/SignatureDoesNotMatch"));
  base::FakeClock slow(clock_.Now() - absl::Hours(1));
  EXPECT_EQ(CodeOf(FindInstances("AlibabaCloud", {"cn-hangzhou"},
                                 At(simulator_.server, simulator_.key), slow)
                       .status()),
            "NetworkConnectError/ClockSkew");
}

TEST_F(AlibabaAccountTest, AnAddressThatIsNoneIsNotPassedOn) {
  for (const char* domain : {"evil.example.com/x", "user@evil.example.com",
                             "a b", "A.example.com"}) {
    simulator_.instances = {{"cri-a", "a", domain}};
    EXPECT_THAT(Find({"cn-hangzhou"}), ElementsAre("NetworkError/Protocol"))
        << domain;
  }
}

TEST_F(AlibabaAccountTest, WhatIsNoProviderOrRegionIsRefusedUnasked) {
  for (const char* region : {"", "cn hangzhou", "evil.example.com/", "-x"}) {
    EXPECT_EQ(FindInstances("AlibabaCloud", {region},
                            At(simulator_.server, key_), clock_)
                  .status()
                  .code(),
              absl::StatusCode::kInvalidArgument)
        << region;
  }
  EXPECT_FALSE(FindInstances("AlibabaCloud", {}, {}, clock_).ok());
  EXPECT_FALSE(FindInstances("Other", {"x"}, {}, clock_).ok());
  EXPECT_TRUE(simulator_.server.Seen().empty());
}

class HuaweiAccountTest : public testing::Test {
 protected:
  HuaweiAccountTest() { simulator_.content = test::StandardContent(); }
  std::vector<std::string> Find(const std::string& region) {
    return LinesOf(FindInstances("HuaweiCloud", {region},
                                 At(simulator_.server, simulator_.key),
                                 clock_));
  }
  base::FakeClock clock_;
  test::SwrSimulator simulator_{clock_};
};

TEST_F(HuaweiAccountTest, FindsTheSharedRegistryAndEnterpriseInstances) {
  simulator_.instances = {{"ee-1", "big", "big.example.com"}};
  EXPECT_THAT(Find("cn-north-4"),
              ElementsAre("SWR Enterprise cn-north-4 ee-1 big.example.com",
                          "SWR Shared cn-north-4 shared-cn-north-4 "
                          "swr.cn-north-4.myhuaweicloud.com"));
}

TEST_F(HuaweiAccountTest, ARegionWithoutProjectOrOrganizationHasNothing) {
  simulator_.content = {};
  EXPECT_TRUE(Find("eu-west-101").empty());
}

TEST_F(HuaweiAccountTest, MissingRightsAreAnError) {
  simulator_.denied = {"/v3/projects"};
  EXPECT_THAT(Find("cn-north-4"),
              ElementsAre("UserDoesNotHaveAdminRole/SVCSTG.SWR.4030170"));
}

// ECR's API, as far as it is used.
class AwsAccountTest : public testing::Test {
 protected:
  test::Answer Serve(const test::SeenRequest& request) {
    const std::string target = request.Header("X-Amz-Target");
    http::Headers signed_headers = {
        {"content-type", request.Header("Content-Type")},
        {"host", request.Header("Host")},
        {"x-amz-date", request.Header("X-Amz-Date")},
        {"x-amz-target", target}};
    if (!refusal_.empty()) {
      return {400, {}, refusal_, "application/x-amz-json-1.1"};
    }
    if (request.Header("Authorization") !=
        AwsAuthorization(request.method, request.target, signed_headers,
                         request.body, "eu-central-1", "ecr", key_)) {
      return {400, {}, R"({"__type":"InvalidSignatureException"})"};
    }
    if (target == "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories") {
      return {200, {}, repositories_};
    }
    return {
        200,
        {},
        R"({"authorizationData":[{"authorizationToken":"eA==","proxyEndpoint":)"
        R"("https://123456789012.dkr.ecr.eu-central-1.amazonaws.com"}]})"};
  }
  std::vector<std::string> Find(const Credentials& key) {
    return LinesOf(
        FindInstances("AWS", {"eu-central-1"}, At(server_, key), clock_));
  }
  base::FakeClock clock_;
  Credentials key_ = {"AKIDEXAMPLE", "secret"};
  std::string refusal_;
  std::string repositories_ = R"({"repositories":[{}]})";
  test::HttpServer server_{
      [this](const test::SeenRequest& request) { return Serve(request); }};
};

TEST_F(AwsAccountTest, FindsTheRegistryOfARegion) {
  EXPECT_THAT(Find(key_),
              ElementsAre("ECR  eu-central-1 123456789012.eu-central-1 "
                          "123456789012.dkr.ecr.eu-central-1.amazonaws.com"));
  repositories_ = R"({"repositories":[]})";
  EXPECT_TRUE(Find(key_).empty());
}

TEST_F(AwsAccountTest, ErrorsAreToldApart) {
  EXPECT_THAT(
      Find({"AKIDEXAMPLE", "wrong"}),
      ElementsAre("FailedToVerifyUsernameOrPwd/InvalidSignatureException"));
  refusal_ = R"({"__type":"AccessDeniedException"})";
  EXPECT_THAT(Find(key_),
              ElementsAre("UserDoesNotHaveAdminRole/AccessDeniedException"));
  refusal_ = R"({"__type":"InvalidSignatureException",)"
             R"("message":"Signature expired: 1 is now earlier than 2"})";
  EXPECT_THAT(Find(key_), ElementsAre("NetworkConnectError/ClockSkew"));
  refusal_ = R"({"__type":"ThrottlingException"})";
  EXPECT_THAT(Find(key_), ElementsAre("RateLimited/ThrottlingException"));
}

}  // namespace
}  // namespace landwaiter::agent::registry::cloud
