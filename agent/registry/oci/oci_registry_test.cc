#include "agent/registry/oci/oci_registry.h"

#include <map>

#include "absl/strings/escaping.h"
#include "agent/registry/oci/authorizer.h"
#include "agent/registry/oci/challenge.h"
#include "agent/registry/transport/transport.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/http_server.h"

namespace landwaiter::agent::registry::oci {
namespace {

using test::Answer;
using test::HttpServer;
using test::SeenRequest;
using testing::ElementsAre;

std::string CodeOf(const absl::Status& status) {
  if (status.ok()) return "ok";
  const std::string cause = base::FailureCauseOf(status);
  return base::StrCat(base::ToString(base::FailureCodeOf(status)),
                      cause.empty() ? "" : "/", cause);
}

std::vector<std::string> NamesIn(const RepositoryPage& page) {
  std::vector<std::string> names;
  for (const RepositoryEntry& entry : page.repositories) {
    names.push_back(entry.name);
  }
  return names;
}

// A registry that answers by target, with login as a test asks for it.
class OciRegistryTest : public testing::Test {
 protected:
  Answer Serve(const SeenRequest& request) {
    if (!scripted_.empty()) {
      Answer next = scripted_.front();
      scripted_.erase(scripted_.begin());
      return next;
    }
    if (request.target.starts_with("/token")) return Token(request);
    if (login_ == "bearer" && request.Header("Authorization") != bearer_) {
      return {401,
              {{"WWW-Authenticate",
                base::StrCat("Bearer realm=\"", realm_, "\",service=\"s\"")}},
              ""};
    }
    if (login_ == "basic" && request.Header("Authorization") != Basic()) {
      return {401, {{"WWW-Authenticate", "Basic realm=\"r\""}}, ""};
    }
    const auto found = answers_.find(request.target);
    return found == answers_.end() ? Answer{404, {}, "{}"} : found->second;
  }

  Answer Token(const SeenRequest& request) {
    if (!right_password_) return {401, {}, ""};
    if (request.Header("Authorization") != Basic()) return {401, {}, ""};
    return {200, {}, token_answer_};
  }

  std::string Basic() const {
    return base::StrCat("Basic ", absl::Base64Escape("user:password"));
  }

  std::unique_ptr<Registry> Make(bool with_credentials = true) {
    Connection connection;
    connection.http.base = server_.url();
    if (with_credentials) connection.credentials = {"user", "password"};
    auto registry = NewOciRegistry(std::move(connection), clock_);
    EXPECT_TRUE(registry.ok());
    return *std::move(registry);
  }

  absl::StatusOr<std::string> Fetch(const std::string& content) {
    std::string got;
    const model::Descriptor blob{.digest = model::Digest::Of(content),
                                 .size = content.size()};
    const absl::Status status =
        Make()->FetchBlob("a/b", blob, [&](std::string_view data) {
          got.append(data);
          return absl::OkStatus();
        });
    if (!status.ok()) return status;
    return got;
  }

  std::string BlobTarget(const std::string& content) {
    return "/v2/a/b/blobs/" + model::Digest::Of(content).text();
  }

  base::FakeClock clock_;
  std::string login_ = "none";
  bool right_password_ = true;
  std::string bearer_ = "Bearer t1";
  std::string token_answer_ = R"({"token":"t1"})";
  std::map<std::string, Answer> answers_ = {
      {"/v2/", {200, {}, "{}"}},
      {"/v2/_catalog?n=1", {200, {}, R"({"repositories":["a/b"]})"}}};
  std::vector<Answer> scripted_;
  HttpServer server_{[this](const SeenRequest& r) { return Serve(r); }};
  std::string realm_ = server_.url().Origin() + "/token";
};

TEST_F(OciRegistryTest, VerifiesByEveryKindOfLogin) {
  for (const char* login : {"none", "basic", "bearer"}) {
    login_ = login;
    EXPECT_EQ(CodeOf(Make()->Verify().status()), "ok") << login;
  }
}

TEST_F(OciRegistryTest, AWrongPasswordIsToldAndNotTriedAgain) {
  login_ = "bearer";
  right_password_ = false;
  EXPECT_EQ(CodeOf(Make()->Verify().status()), "FailedToVerifyUsernameOrPwd");
  EXPECT_EQ(server_.Seen().size(), 2u);
  EXPECT_EQ(clock_.Slept(), absl::ZeroDuration());
}

TEST_F(OciRegistryTest, AWrongBasicPasswordIsTold) {
  login_ = "basic";
  auto registry = Make();
  login_ = "basic";
  Connection connection;
  connection.http.base = server_.url();
  connection.credentials = {"user", "wrong"};
  EXPECT_EQ(CodeOf((*NewOciRegistry(connection, clock_))->Verify().status()),
            "FailedToVerifyUsernameOrPwd");
  EXPECT_EQ(server_.Seen().size(), 2u);
}

TEST_F(OciRegistryTest, AnAccountThatMayNotListIsNoAdmin) {
  answers_["/v2/_catalog?n=1"] = {403, {}, ""};
  EXPECT_EQ(CodeOf(Make()->Verify().status()), "UserDoesNotHaveAdminRole");
}

TEST_F(OciRegistryTest, WhatHasNoV2IsNotARegistry) {
  answers_.erase("/v2/");
  EXPECT_EQ(CodeOf(Make()->Verify().status()), "RegistryVersionError");
}

TEST_F(OciRegistryTest, APortalsWebPageIsANetworkError) {
  answers_["/v2/"] = {200, {}, "<html>", "text/html; charset=utf-8"};
  EXPECT_EQ(CodeOf(Make()->Verify().status()), "NetworkConnectError/Protocol");
}

// GHSA of oras-go (CVE-2026-48978): a realm elsewhere gets no credentials.
TEST_F(OciRegistryTest, ARealmOnAForeignHostGetsNothing) {
  login_ = "bearer";
  realm_ = "http://tokens.example/token";
  EXPECT_NE(CodeOf(Make()->Verify().status()), "ok");
  for (const SeenRequest& request : server_.Seen()) {
    EXPECT_EQ(request.Header("Authorization"), "");
  }
}

TEST(IsTrustedRealmTest, OwnHostAndFamilyOnly) {
  const auto trusted = [](std::string_view registry, std::string_view realm) {
    return IsTrustedRealm(*http::Url::Parse(registry),
                          *http::Url::Parse(realm));
  };
  EXPECT_TRUE(
      trusted("https://registry-1.docker.io", "https://auth.docker.io"));
  EXPECT_TRUE(trusted("https://registry.gitlab.com", "https://gitlab.com/jwt"));
  EXPECT_TRUE(trusted("http://h:5000", "https://h:6000/t"));
  EXPECT_FALSE(trusted("https://h.example", "http://h.example/t"));
  EXPECT_FALSE(trusted("https://a.example", "https://b.example"));
  EXPECT_FALSE(trusted("https://10.0.0.1", "https://11.0.0.1"));
  EXPECT_FALSE(trusted("https://docker.io", "https://evil-docker.io"));
}

TEST_F(OciRegistryTest, ATokenIsUsedAgainAndRenewedInTime) {
  login_ = "bearer";
  answers_["/v2/a/b/tags/list?n=500"] = {200, {}, R"({"tags":["1"]})"};
  auto registry = Make();
  const auto tokens = [&] {
    int n = 0;
    for (const SeenRequest& r : server_.Seen()) {
      n += r.target.starts_with("/token");
    }
    return n;
  };
  ASSERT_TRUE(registry->ListArtifacts("a/b", "").ok());
  ASSERT_TRUE(registry->ListArtifacts("a/b", "").ok());
  EXPECT_EQ(tokens(), 1);
  clock_.Advance(absl::Seconds(49));  // of 60, when the server says nothing
  token_answer_ = R"({"access_token":"t2","expires_in":300})";
  bearer_ = "Bearer t2";
  ASSERT_TRUE(registry->ListArtifacts("a/b", "").ok());
  EXPECT_EQ(tokens(), 2);
}

TEST_F(OciRegistryTest, ATokenThatExpiresInMidRunIsRenewed) {
  login_ = "bearer";
  answers_["/v2/a/b/tags/list?n=500"] = {200, {}, R"({"tags":["1"]})"};
  auto registry = Make();
  ASSERT_TRUE(registry->ListArtifacts("a/b", "").ok());
  token_answer_ = R"({"token":"t2"})";
  bearer_ = "Bearer t2";
  EXPECT_TRUE(registry->ListArtifacts("a/b", "").ok());
}

TEST_F(OciRegistryTest, PagesAreFollowedByTheirQueryAlone) {
  answers_["/v2/_catalog?n=500"] = {
      200,
      {{"Link", "</wrong/prefix/v2/_catalog?last=a%2Fb&n=500>; rel=\"next\""}},
      R"({"repositories":["a/b"]})"};
  answers_["/v2/_catalog?n=500&last=a/b"] = {
      200, {}, R"({"repositories":["c", "../bad"]})"};
  auto registry = Make();
  const auto first = registry->ListRepositories("");
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_THAT(NamesIn(*first), ElementsAre("a/b"));
  EXPECT_FALSE(first->complete);
  const auto second = registry->ListRepositories(first->next_cursor);
  ASSERT_TRUE(second.ok());
  EXPECT_THAT(NamesIn(*second), ElementsAre("c"));
  EXPECT_TRUE(second->complete);
}

TEST_F(OciRegistryTest, APageThatLeadsToItselfIsTheLast) {
  answers_["/v2/a/b/tags/list?n=500&last=x"] = {
      200, {{"Link", "<?n=500&last=x>; rel=\"next\""}}, R"({"tags":["x"]})"};
  EXPECT_TRUE(Make()->ListArtifacts("a/b", "x")->complete);
}

TEST_F(OciRegistryTest, ANextPageThatCannotBeAskedForIsNoEnd) {
  answers_["/v2/a/b/tags/list?n=500"] = {
      200,
      {{"Link", "</v2/a/b/tags/list?next_page=x>; rel=\"next\""}},
      R"({"tags":["1"]})"};
  EXPECT_EQ(CodeOf(Make()->ListArtifacts("a/b", "").status()),
            "NetworkError/Protocol");
}

TEST_F(OciRegistryTest, TagsThatAreNullAreNone) {
  answers_["/v2/a/b/tags/list?n=500"] = {200, {}, R"({"tags":null})"};
  const auto page = Make()->ListArtifacts("a/b", "");
  ASSERT_TRUE(page.ok());
  EXPECT_TRUE(page->tags.empty());
  EXPECT_TRUE(page->complete);
}

TEST_F(OciRegistryTest, HtmlInPlaceOfAListIsAnErrorNotAnEmptyList) {
  answers_["/v2/a/b/tags/list?n=500"] = {200, {}, "<html>", "text/html"};
  EXPECT_EQ(CodeOf(Make()->ListArtifacts("a/b", "").status()),
            "NetworkError/Protocol");
}

TEST_F(OciRegistryTest, RetryAfterIsHonouredWithinBounds) {
  answers_["/v2/a/b/tags/list?n=500"] = {200, {}, R"({"tags":["1"]})"};
  scripted_ = {{429, {{"Retry-After", "7"}}, ""}};
  EXPECT_TRUE(Make()->ListArtifacts("a/b", "").ok());
  EXPECT_EQ(clock_.Slept(), absl::Seconds(7));
  scripted_ = {{429, {{"Retry-After", "3600"}}, ""}};
  const auto page = Make()->ListArtifacts("a/b", "");
  EXPECT_EQ(CodeOf(page.status()), "RateLimited");
  EXPECT_EQ(base::RetryAfterOf(page.status()), absl::Hours(1));
}

TEST_F(OciRegistryTest, ServerTroubleIsRetriedAndGivenUp) {
  answers_["/v2/a/b/tags/list?n=500"] = {200, {}, R"({"tags":["1"]})"};
  scripted_ = {{503, {}, ""}, {500, {}, ""}};
  EXPECT_TRUE(Make()->ListArtifacts("a/b", "").ok());
  scripted_ = std::vector<Answer>(10, Answer{502, {}, ""});
  EXPECT_EQ(CodeOf(Make()->ListArtifacts("a/b", "").status()),
            "NetworkError/Http502");
  EXPECT_EQ(scripted_.size(), 6u);
}

TEST_F(OciRegistryTest, AManifestOfAnotherDigestIsRefused) {
  const std::string digest = model::Digest::Of("right").text();
  answers_["/v2/a/b/manifests/" + digest] = {200, {}, "wrong"};
  EXPECT_EQ(CodeOf(Make()->GetManifest("a/b", digest, 1000).status()),
            "DigestMismatch");
}

TEST_F(OciRegistryTest, AManifestPastTheLimitIsRefused) {
  answers_["/v2/a/b/manifests/v1"] = {200, {}, std::string(1001, 'x')};
  EXPECT_EQ(CodeOf(Make()->GetManifest("a/b", "v1", 1000).status()),
            "LimitExceeded/responseSize");
}

TEST_F(OciRegistryTest, NothingButNamesAndTagsReachesAPath) {
  auto registry = Make();
  EXPECT_FALSE(registry->GetManifest("../x", "v1", 10).ok());
  EXPECT_FALSE(registry->GetManifest("a", "../../_catalog", 10).ok());
  EXPECT_FALSE(registry->ListArtifacts("a?b", "").ok());
  EXPECT_TRUE(server_.Seen().empty());
}

TEST_F(OciRegistryTest, ABlobThatIsCutIsResumedWhereItBroke) {
  const std::string content(200'000, 'x');
  scripted_ = {{200, {}, content, "application/octet-stream", 70'000},
               {206, {}, content.substr(70'000), "application/octet-stream"}};
  const auto got = Fetch(content);
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ(*got, content);
  EXPECT_EQ(server_.Seen().at(1).Header("Range"), "bytes=70000-");
}

TEST_F(OciRegistryTest, AServerWithoutRangesIsReadFromTheStart) {
  std::string content(200'000, 'x');
  content[150'000] = 'y';
  scripted_ = {{200, {}, content, "application/octet-stream", 70'000},
               {200, {}, content, "application/octet-stream"}};
  EXPECT_EQ(Fetch(content).value_or("failed"), content);
}

TEST_F(OciRegistryTest, ABlobThatNeverArrivesWholeFails) {
  const std::string content(1000, 'x');
  answers_[BlobTarget(content)] = {
      200, {}, content, "application/octet-stream", 500};
  EXPECT_EQ(CodeOf(Fetch(content).status()), "NetworkError/Protocol");
}

TEST_F(OciRegistryTest, ABlobOfAnotherDigestIsRefused) {
  answers_[BlobTarget("right")] = {200, {}, "wrong"};
  EXPECT_EQ(CodeOf(Fetch("right").status()), "DigestMismatch");
  answers_[BlobTarget("right")] = {200, {}, "right and more"};
  EXPECT_EQ(CodeOf(Fetch("right").status()), "DigestMismatch");
}

// CVE-2026-49349 (regclient), CVE-2020-15157 (containerd): the blob's host is
// not the registry, and gets no credentials.
TEST_F(OciRegistryTest, CredentialsStayBehindWhenABlobIsElsewhere) {
  login_ = "basic";
  HttpServer storage([](const SeenRequest& request) {
    return request.Header("Authorization").empty() ? Answer{200, {}, "content"}
                                                   : Answer{400, {}, ""};
  });
  answers_[BlobTarget("content")] = {
      307, {{"Location", storage.url().Origin() + "/signed?x=y"}}, ""};
  EXPECT_EQ(Fetch("content").value_or("failed"), "content");
  EXPECT_EQ(storage.Seen().at(0).target, "/signed?x=y");
}

TEST_F(OciRegistryTest, RedirectsEnd) {
  answers_[BlobTarget("x")] = {307, {{"Location", BlobTarget("x")}}, ""};
  EXPECT_EQ(CodeOf(Fetch("x").status()), "NetworkError/Redirect");
}

TEST_F(OciRegistryTest, TheSinksRefusalIsReturnedAsItIs) {
  answers_[BlobTarget("x")] = {200, {}, "x"};
  const model::Descriptor blob{.digest = model::Digest::Of("x"), .size = 1};
  EXPECT_EQ(Make()
                ->FetchBlob("a/b", blob,
                            [](std::string_view) {
                              return absl::DataLossError("worker died");
                            })
                .message(),
            "worker died");
  EXPECT_EQ(server_.Seen().size(), 1u);
}

TEST(ReadChallengesTest, SeveralInOneHeaderAndInSeveral) {
  const auto challenges = ReadChallenges(
      {{"WWW-Authenticate",
        R"(Bearer realm="https://h/t?a=b",scope="a,b", Basic realm="x \"y\"")"},
       {"www-authenticate", "Negotiate"}});
  ASSERT_EQ(challenges.size(), 3u);
  EXPECT_EQ(challenges[0].scheme, "bearer");
  EXPECT_EQ(challenges[0].Parameter("realm"), "https://h/t?a=b");
  EXPECT_EQ(challenges[0].Parameter("scope"), "a,b");
  EXPECT_EQ(challenges[1].Parameter("realm"), "x \"y\"");
  EXPECT_EQ(challenges[2].scheme, "negotiate");
  EXPECT_EQ(challenges[2].Parameter("realm"), "");
}

TEST(ReadChallengesTest, GarbageIsLeftOut) {
  EXPECT_TRUE(ReadChallenges({{"WWW-Authenticate", ",,=\"\"((("}}).empty());
}

TEST(ReadRetryAfterTest, SecondsAndDates) {
  const absl::Time now = absl::FromUnixSeconds(784111717);
  const auto read = [&](const std::string& value) {
    return ReadRetryAfter({{"Retry-After", value}}, now);
  };
  EXPECT_EQ(read("120"), absl::Minutes(2));
  EXPECT_EQ(read("Sun, 06 Nov 1994 08:49:37 GMT"), absl::Seconds(60));
  EXPECT_EQ(read("-5"), absl::ZeroDuration());
  EXPECT_EQ(read("soon"), absl::ZeroDuration());
  EXPECT_EQ(read("999999999"), absl::Hours(24));
}

TEST_F(OciRegistryTest, OptionsPutAPathBeforeAndBasicIntoTheFirstRequest) {
  answers_["/artifactory/api/docker/local/v2/a/tags/list?n=500"] = {
      200, {}, R"({"tags":["t"]})"};
  Connection connection;
  connection.http.base = server_.url();
  connection.credentials = {"user", "password"};
  const auto registry =
      NewOciRegistry(connection, clock_,
                     {.path_prefix = "/artifactory/api/docker/local",
                      .credentials_first = true});
  EXPECT_EQ((*registry)->ListArtifacts("a", "")->tags.size(), 1u);
  EXPECT_EQ(server_.Seen().front().Header("Authorization"), Basic());
}

TEST_F(OciRegistryTest, AVendorsTokenServerMayBeNamedByTheTypeOnly) {
  login_ = "bearer";
  realm_ = base::StrCat("http://localhost:", server_.port(), "/token");
  EXPECT_EQ(CodeOf(Make()->ListArtifacts("a/b", "").status()), "Unauthorized");
  answers_["/v2/a/b/tags/list?n=500"] = {200, {}, R"({"tags":["t"]})"};
  Connection connection;
  connection.http.base = server_.url();
  connection.credentials = {"user", "password"};
  const auto registry =
      NewOciRegistry(connection, clock_, {.token_hosts = {"localhost"}});
  EXPECT_TRUE((*registry)->ListArtifacts("a/b", "").ok());
}

}  // namespace
}  // namespace landwaiter::agent::registry::oci
