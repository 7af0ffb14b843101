#include "agent/registry/ecr/ecr_registry.h"

#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "agent/registry/cloud/signature.h"
#include "agent/registry/hosted/testing.h"
#include "core/base/strings.h"
#include "gmock/gmock.h"

namespace landwaiter::agent::registry::ecr {
namespace {

using nlohmann::json;
using test::Answer;
using test::SeenRequest;
using testing::ElementsAre;

constexpr char kPrefix[] = "AmazonEC2ContainerRegistry_V20150921.";

// ECR's API over the standard content; /v2/ takes the password of the last
// token, which is the standard account's or, once changed, another.
class EcrTest : public hosted::HostedTest {
 protected:
  std::optional<Answer> Api(const SeenRequest& request) override {
    const std::string target = request.Header("X-Amz-Target");
    if (target.empty()) {
      if (request.Header("Authorization") == Basic("AWS", password_)) {
        return open_.Serve(request);
      }
      return Answer{401, {{"WWW-Authenticate", "Basic realm=\"ecr\""}}, ""};
    }
    if (!IsSigned(request)) {
      return Answer{400, {}, R"({"__type":"InvalidSignatureException"})"};
    }
    const std::string action = target.substr(sizeof(kPrefix) - 1);
    if (action == denied_) {
      return Answer{400, {}, R"({"__type":"AccessDeniedException"})"};
    }
    const json asked = json::parse(request.body, nullptr, false);
    if (action == "GetAuthorizationToken") {
      const json row = {
          {"authorizationToken", absl::Base64Escape("AWS:" + password_)},
          {"expiresAt", absl::ToUnixSeconds(clock_.Now()) + 43200.5}};
      return Answer{.body = json{{"authorizationData", {row}}}.dump()};
    }
    std::vector<json> rows;
    if (action == "DescribeRepositories") {
      for (const auto& [name, repository] : content_.repositories) {
        rows.push_back({{"repositoryName", name}});
      }
      return Page("repositories", rows, asked);
    }
    const auto found =
        content_.repositories.find(asked.value("repositoryName", ""));
    if (found == content_.repositories.end()) {
      return Answer{400, {}, R"({"__type":"RepositoryNotFoundException"})"};
    }
    for (const auto& [digest, manifest] : found->second.manifests) {
      json row = {{"imageDigest", digest.text()},
                  {"imageSizeInBytes", manifest.size},
                  {"imagePushedAt", 1767225600.25}};
      for (const auto& [tag, at] : found->second.tags) {
        if (at.digest == digest) row["imageTags"].push_back(tag);
      }
      rows.push_back(row);
    }
    return Page("imageDetails", rows, asked);
  }

  bool IsSigned(const SeenRequest& request) {
    const http::Headers headers = {
        {"content-type", request.Header("Content-Type")},
        {"host", request.Header("Host")},
        {"x-amz-date", request.Header("X-Amz-Date")},
        {"x-amz-target", request.Header("X-Amz-Target")}};
    return request.Header("Authorization") ==
           cloud::AwsAuthorization("POST", "/", headers, request.body,
                                   "eu-west-1", "ecr", {"key", "secret"});
  }

  Answer Page(const char* key, const std::vector<json>& rows,
              const json& asked) {
    const size_t from = *base::ParseUint64(asked.value("nextToken", "0"));
    const size_t to = std::min(rows.size(), from + rows_per_page_);
    json body = {{key, json::array()}};
    for (size_t i = from; i < to; ++i) body[key].push_back(rows[i]);
    if (to < rows.size()) body["nextToken"] = base::StrCat(to);
    return {.body = body.dump()};
  }

  std::unique_ptr<Registry> New(const std::string& secret = "secret") {
    Connection connection = ConnectionAs("key", secret);
    connection.region = "eu-west-1";
    connection.api_url = server_.url().Origin();
    return *NewEcrRegistry(connection, clock_);
  }

  test::Distribution open_{content_};
  std::string password_ = "password";
  std::string denied_;
  size_t rows_per_page_ = 1000;
};

TEST_F(EcrTest, AnAccessKeyVerifies) {
  EXPECT_EQ(CodeOf(New()->Verify().status()), "ok");
}

TEST_F(EcrTest, AWrongSecretIsSentOnce) {
  EXPECT_EQ(CodeOf(New("wrong")->Verify().status()),
            "FailedToVerifyUsernameOrPwd/InvalidSignatureException");
  EXPECT_EQ(server_.Seen().size(), 1u);
  EXPECT_EQ(CodeOf(New("wrong")->ListRepositories("").status()),
            "Unauthorized/InvalidSignatureException");
}

TEST_F(EcrTest, MissingRightsAreToldForEachCall) {
  for (const char* action : {"DescribeRepositories", "GetAuthorizationToken"}) {
    denied_ = action;
    EXPECT_EQ(CodeOf(New()->Verify().status()),
              "UserDoesNotHaveAdminRole/AccessDeniedException");
  }
  denied_ = "DescribeImages";
  EXPECT_EQ(CodeOf(New()->ListArtifacts("library/app", "").status()),
            "Unauthorized/AccessDeniedException");
}

TEST_F(EcrTest, AWebPageIsANetworkError) {
  instead_ = Answer{200, {}, "<html>", "text/html"};
  EXPECT_EQ(CodeOf(New()->Verify().status()), "NetworkConnectError/Protocol");
}

TEST_F(EcrTest, RepositoriesAndImagesAreListedFromAnyCursor) {
  for (const size_t size : {1, 1000}) {
    rows_per_page_ = size;
    EXPECT_THAT(AllRepositories([&] { return New(); }),
                ElementsAre("library/app", "team-a/app", "team-a/sub/deep/app",
                            "team-b/tools"));
    ExpectTagsOf([&] { return New(); }, "library/app");
  }
  const auto page = New()->ListArtifacts("library/app", "");
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(page->manifests.at(0).pushed,
            absl::FromUnixMillis(1'767'225'600'250));
}

TEST_F(EcrTest, ARepositoryThatIsGoneIsNotFound) {
  EXPECT_EQ(CodeOf(New()->ListArtifacts("gone/app", "").status()), "NotFound");
}

TEST_F(EcrTest, APasswordOfTwelveHoursIsRenewed) {
  auto registry = New();
  ExpectPull(*registry, "library/app", "v1");
  clock_.Advance(absl::Hours(13));
  password_ = "another";
  ExpectPull(*registry, "library/app", "v1");
}

TEST_F(EcrTest, TheRegionIsInTheHostOrGiven) {
  Connection connection = ConnectionAs("key", "secret");
  EXPECT_FALSE(NewEcrRegistry(connection, clock_).ok());
  connection.http.base =
      *http::Url::Parse("https://123456789012.dkr.ecr.eu-west-1.amazonaws.com");
  EXPECT_TRUE(NewEcrRegistry(connection, clock_).ok());
}

TEST_F(EcrTest, CursorsOfSomethingElseAreRefused) {
  EXPECT_TRUE(absl::IsInvalidArgument(New()->ListRepositories("a b").status()));
}

}  // namespace
}  // namespace landwaiter::agent::registry::ecr
