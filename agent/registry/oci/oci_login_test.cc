#include <atomic>
#include <thread>

#include "agent/registry/oci/authorizer.h"
#include "agent/registry/oci/oci_registry_fixture.h"
#include "core/http/address_policy.h"
#include "gmock/gmock.h"

namespace landwaiter::agent::registry::oci {
namespace {

using OciLoginTest = OciRegistryTest;
using testing::HasSubstr;

TEST_F(OciLoginTest, VerifiesByEveryKindOfLogin) {
  for (const char* login : {"none", "basic", "bearer"}) {
    login_ = login;
    EXPECT_EQ(CodeOf(Make()->Verify().status()), "ok") << login;
  }
}

TEST_F(OciLoginTest, AWrongPasswordIsToldAndNotTriedAgain) {
  login_ = "bearer";
  right_password_ = false;
  EXPECT_EQ(CodeOf(Make()->Verify().status()), "FailedToVerifyUsernameOrPwd");
  EXPECT_EQ(server_.Seen().size(), 2u);
  EXPECT_EQ(clock_.Slept(), absl::ZeroDuration());
}

TEST_F(OciLoginTest, AWrongBasicPasswordIsTold) {
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

TEST_F(OciLoginTest, AnAccountThatMayNotListIsNoAdmin) {
  answers_["/v2/_catalog?n=1"] = {403, {}, ""};
  EXPECT_EQ(CodeOf(Make()->Verify().status()), "UserDoesNotHaveAdminRole");
}

// GHSA of oras-go (CVE-2026-48978): a realm elsewhere gets no credentials.
TEST_F(OciLoginTest, ARealmOnAForeignHostGetsNothing) {
  login_ = "bearer";
  realm_ = "http://tokens.example/token";
  EXPECT_NE(CodeOf(Make()->Verify().status()), "ok");
  for (const SeenRequest& request : server_.Seen()) {
    EXPECT_EQ(request.Header("Authorization"), "");
  }
}

TEST(IsTrustedRealmTest, OwnHostAndItsLineOnly) {
  const auto trusted = [](std::string_view registry, std::string_view realm) {
    return IsTrustedRealm(*http::Url::Parse(registry),
                          *http::Url::Parse(realm));
  };
  EXPECT_TRUE(
      trusted("https://registry-1.docker.io", "https://auth.docker.io"));
  EXPECT_TRUE(trusted("https://registry.gitlab.com", "https://gitlab.com/jwt"));
  EXPECT_TRUE(trusted("https://h.example", "https://auth.h.example/t"));
  EXPECT_TRUE(trusted("http://h:5000", "https://h:6000/t"));
  EXPECT_FALSE(trusted("https://h.example", "http://h.example/t"));
  EXPECT_FALSE(trusted("https://a.example", "https://b.example"));
  EXPECT_FALSE(trusted("https://10.0.0.1", "https://11.0.0.1"));
  EXPECT_FALSE(trusted("https://docker.io", "https://evil-docker.io"));
  // Who owns one need not own the other.
  EXPECT_FALSE(trusted("https://registry.co.uk", "https://evil.co.uk/t"));
  EXPECT_FALSE(trusted("https://a.b.example.com", "https://c.b.example.com"));
  EXPECT_FALSE(trusted("https://mine.azurecr.io", "https://evil.azurecr.io"));
  EXPECT_FALSE(trusted("https://auth.docker.io", "https://hub.docker.io"));
  EXPECT_FALSE(trusted("https://h.example", "https://example"));
}

TEST_F(OciLoginTest, ATokenIsUsedAgainAndRenewedInTime) {
  login_ = "bearer";
  answers_["/v2/a/b/tags/list?n=500"] = {200, {}, R"({"tags":["1"]})"};
  auto registry = Make();
  ASSERT_TRUE(registry->ListArtifacts("a/b", "").ok());
  ASSERT_TRUE(registry->ListArtifacts("a/b", "").ok());
  EXPECT_EQ(Logins(), 1);
  clock_.Advance(absl::Seconds(49));  // of 60, when the server says nothing
  token_answer_ = R"({"access_token":"t2","expires_in":300})";
  bearer_ = "Bearer t2";
  ASSERT_TRUE(registry->ListArtifacts("a/b", "").ok());
  EXPECT_EQ(Logins(), 2);
}

TEST_F(OciLoginTest, ATokenThatExpiresInMidRunIsRenewed) {
  login_ = "bearer";
  answers_["/v2/a/b/tags/list?n=500"] = {200, {}, R"({"tags":["1"]})"};
  auto registry = Make();
  ASSERT_TRUE(registry->ListArtifacts("a/b", "").ok());
  token_answer_ = R"({"token":"t2"})";
  bearer_ = "Bearer t2";
  EXPECT_TRUE(registry->ListArtifacts("a/b", "").ok());
}

TEST_F(OciLoginTest, AVendorsTokenServerMayBeNamedByTheTypeOnly) {
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

// Nothing challenges, so a wrong password would never be noticed.
TEST_F(OciLoginTest, AnOpenRegistryIsNotedSinceCredentialsGoUnchecked) {
  const auto verified = Make()->Verify();
  ASSERT_TRUE(verified.ok());
  EXPECT_THAT(verified->note, HasSubstr("not checked"));
  EXPECT_EQ(server_.Seen().back().Header("Authorization"), Basic());
  EXPECT_EQ(Make(/*with_credentials=*/false)->Verify()->note, "");
  login_ = "bearer";
  EXPECT_EQ(Make()->Verify()->note, "");
}

TEST_F(OciLoginTest, AnOpenRegistryThatLooksAtCredentialsAllTheSameIsHeard) {
  scripted_ = {{200, {}, "{}"},
               {200, {}, R"({"repositories":[]})"},
               {401, {{"WWW-Authenticate", "Basic realm=\"r\""}}, ""}};
  EXPECT_EQ(CodeOf(Make()->Verify().status()), "FailedToVerifyUsernameOrPwd");
}

TEST_F(OciLoginTest, AWebPageInPlaceOfTheCatalogIsANetworkError) {
  answers_["/v2/_catalog?n=1"] = {200, {}, "<html>", "text/html"};
  EXPECT_EQ(CodeOf(Make()->Verify().status()), "NetworkConnectError/Protocol");
}

TEST_F(OciLoginTest, APasswordThatWasRevokedIsSentOnceMoreAndNeverAgain) {
  login_ = "bearer";
  answers_["/v2/a/b/tags/list?n=500"] = {200, {}, R"({"tags":["1"]})"};
  auto registry = Make();
  ASSERT_TRUE(registry->ListArtifacts("a/b", "").ok());
  right_password_ = false;
  clock_.Advance(absl::Minutes(2));
  EXPECT_EQ(Logins(), 1);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(CodeOf(registry->ListArtifacts("a/b", "").status()),
              "Unauthorized/Credentials");
    EXPECT_EQ(Logins(), 2);
  }
}

TEST_F(OciLoginTest, AWrongBasicPasswordIsSentOnce) {
  login_ = "basic";
  Connection connection;
  connection.http.base = server_.url();
  connection.credentials = {"user", "wrong"};
  const auto registry = *NewOciRegistry(connection, clock_);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(CodeOf(registry->ListArtifacts("a/b", "").status()),
              "Unauthorized/Credentials");
  }
  EXPECT_EQ(server_.Seen().size(), 2u);  // without, and with
}

TEST_F(OciLoginTest, ARepositoryThatIsRefusedIsNoWrongPassword) {
  login_ = "basic";
  answers_["/v2/a/b/tags/list?n=500"] = {200, {}, R"({"tags":["1"]})"};
  answers_["/v2/c/tags/list?n=500"] = {
      401, {{"WWW-Authenticate", "Basic realm=\"r\""}}, ""};
  auto registry = Make();
  EXPECT_TRUE(registry->ListArtifacts("a/b", "").ok());
  EXPECT_FALSE(registry->ListArtifacts("c", "").ok());
  EXPECT_TRUE(registry->ListArtifacts("a/b", "").ok());
}

TEST_F(OciLoginTest, ManyRequestsAtOnceWithAWrongPasswordAreOneLogin) {
  login_ = "bearer";
  right_password_ = false;
  auto registry = Make();
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      EXPECT_FALSE(registry->ListArtifacts(base::StrCat("r/", i), "").ok());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Logins(), 1);
}

TEST_F(OciLoginTest, ATokenThatIsRefusedTwiceIsNotFetchedAThirdTime) {
  login_ = "bearer";
  bearer_ = "Bearer another";
  EXPECT_EQ(CodeOf(Make()->ListArtifacts("a/b", "").status()), "Unauthorized");
  EXPECT_EQ(Logins(), 1);
}

TEST_F(OciLoginTest, ALifeOfAnyNumberIsOneOfSecondsToADay) {
  login_ = "bearer";
  answers_["/v2/a/b/tags/list?n=500"] = {200, {}, R"({"tags":["1"]})"};
  for (const char* life :
       {"1e300", "-1e300", "-5", "0", "0.5", "3.7", "18446744073709551615",
        "99999999999999999999999", "\"60\"", "null"}) {
    token_answer_ = base::StrCat(R"({"token":"t1","expires_in":)", life, "}");
    auto registry = Make();
    ASSERT_TRUE(registry->ListArtifacts("a/b", "").ok()) << life;
    const int before = Logins();
    clock_.Advance(absl::Hours(25));
    ASSERT_TRUE(registry->ListArtifacts("a/b", "").ok()) << life;
    EXPECT_EQ(Logins(), before + 1) << life;
  }
}

// Azure's /oauth2/token takes a form.
TEST_F(OciLoginTest, ATokenServerWithoutGetIsAskedByPost) {
  std::vector<SeenRequest> asked;
  HttpServer tokens([&](const SeenRequest& request) {
    asked.push_back(request);
    return request.method == "POST"
               ? Answer{200, {}, R"({"access_token":"t1"})"}
               : Answer{405, {{"Allow", "POST"}}, ""};
  });
  login_ = "bearer";
  realm_ = tokens.url().Origin() + "/oauth2/token";
  answers_["/v2/a/b/tags/list?n=500"] = {200, {}, R"({"tags":["1"]})"};
  answers_["/v2/c/tags/list?n=500"] = {200, {}, R"({"tags":["1"]})"};
  auto registry = Make();
  ASSERT_TRUE(registry->ListArtifacts("a/b", "").ok());
  ASSERT_TRUE(registry->ListArtifacts("c", "").ok());
  ASSERT_EQ(asked.size(), 3u);  // GET once, POST for each scope
  EXPECT_EQ(asked[1].body,
            "grant_type=password&service=s&client_id=landwaiter&"
            "scope=repository%3Aa%2Fb%3Apull&username=user&password=password");
  EXPECT_EQ(asked[1].Header("Authorization"), "");
}

// The policy holds for what a registry names as for the registry.
TEST_F(OciLoginTest, ATokenServerAtAForbiddenAddressIsNotConnectedTo) {
  HttpServer tokens([](const SeenRequest&) { return Answer(); });
  login_ = "bearer";
  realm_ = base::StrCat("http://127.0.0.2:", tokens.port(), "/token");
  Connection connection;
  connection.http.base = server_.url();
  connection.http.address_policy = *http::NewAddressPolicy({"127.0.0.1"}, "k");
  connection.credentials = {"user", "password"};
  const auto registry =
      *NewOciRegistry(connection, clock_, {.token_hosts = {"127.0.0.2"}});
  EXPECT_EQ(CodeOf(registry->ListArtifacts("a/b", "").status()),
            "NetworkConnectError/BlockedAddress");
}

}  // namespace
}  // namespace landwaiter::agent::registry::oci
