#include "agent/registry/oci/oci_registry.h"

#include "agent/registry/oci/challenge.h"
#include "agent/registry/oci/oci_registry_fixture.h"
#include "agent/registry/transport/transport.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/http/address_policy.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/http_server.h"

namespace landwaiter::agent::registry::oci {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(OciRegistryTest, WhatHasNoV2IsNotARegistry) {
  answers_.erase("/v2/");
  EXPECT_EQ(CodeOf(Make()->Verify().status()), "RegistryVersionError");
}

TEST_F(OciRegistryTest, APortalsWebPageIsANetworkError) {
  answers_["/v2/"] = {200, {}, "<html>", "text/html; charset=utf-8"};
  EXPECT_EQ(CodeOf(Make()->Verify().status()), "NetworkConnectError/Protocol");
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

// distribution above its catalog.maxentries.
TEST_F(OciRegistryTest, ARegistryThatRefusesThePageSizeMakesItsOwnPages) {
  const Answer refusal = {
      400, {}, R"({"errors":[{"code":"PAGINATION_NUMBER_INVALID"}]})"};
  answers_["/v2/_catalog?n=500"] = refusal;
  answers_["/v2/_catalog"] = {
      200,
      {{"Link", "</v2/_catalog?last=a&n=50>; rel=\"next\""}},
      R"({"repositories":["a"]})"};
  answers_["/v2/_catalog?last=a"] = {200, {}, R"({"repositories":["b"]})"};
  auto registry = Make();
  const auto first = registry->ListRepositories("");
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_THAT(NamesIn(*first), ElementsAre("a"));
  const auto second = registry->ListRepositories(first->next_cursor);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_THAT(NamesIn(*second), ElementsAre("b"));
  EXPECT_TRUE(second->complete);
  EXPECT_EQ(server_.Seen().size(), 3u);  // the refusal is remembered
}

// Google's registries, lost storage, lost rights.
TEST_F(OciRegistryTest, AnEmptyCatalogIsNoEmptyInventory) {
  answers_["/v2/_catalog?n=1"] = {200, {}, R"({"repositories":[]})"};
  answers_["/v2/_catalog?n=500"] = {200, {}, R"({"repositories":[]})"};
  const auto verification = Make(false)->Verify();
  ASSERT_TRUE(verification.ok()) << verification.status();
  EXPECT_THAT(verification->note, HasSubstr("catalog is empty"));
  EXPECT_EQ(CodeOf(Make(false)->ListRepositories("").status()),
            "Unauthorized/EmptyCatalog");
}

TEST_F(OciRegistryTest, GooglesRegistriesNeedATypeOfTheirOwn) {
  answers_["/v2/_catalog?n=1"] = {200, {}, R"({"repositories":[]})"};
  Connection connection;
  connection.http.base = *http::Url::Parse("http://us-docker.pkg.dev");
  connection.http.connect_ip = "127.0.0.1";
  connection.http.connect_port = static_cast<uint16_t>(server_.port());
  const absl::Status status =
      (*NewOciRegistry(connection, clock_))->Verify().status();
  EXPECT_EQ(CodeOf(status), "RegistryVersionError");
  EXPECT_THAT(std::string(status.message()), HasSubstr("type Google"));
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

TEST_F(OciRegistryTest, AnotherRangeThanAskedForIsPutWhereItBelongs) {
  const std::string content = std::string(100'000, 'x') + "end";
  const auto from = [&](size_t start) {
    return Answer{206,
                  {{"Content-Range",
                    base::StrCat("bytes ", start, "-", content.size() - 1, "/",
                                 content.size())}},
                  content.substr(start)};
  };
  const Answer broken{200, {}, content, "application/octet-stream", 70'000};
  scripted_ = {broken, from(60'000)};
  EXPECT_EQ(Fetch(content).value_or("failed"), content);
  // A gap is not filled by guessing: it is asked for again.
  scripted_ = {broken, from(80'000), from(70'000)};
  EXPECT_EQ(Fetch(content).value_or("failed"), content);
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

TEST_F(OciRegistryTest, ARedirectToAForbiddenAddressIsNotFollowed) {
  answers_[BlobTarget("x")] = {
      307,
      {{"Location", base::StrCat("http://0x7f.2:", server_.port(), "/x")}},
      ""};
  Connection connection;
  connection.http.base = server_.url();
  connection.http.address_policy = *http::NewAddressPolicy({"127.0.0.1"}, "k");
  const model::Descriptor blob{.digest = model::Digest::Of("x"), .size = 1};
  EXPECT_EQ(CodeOf((*NewOciRegistry(connection, clock_))
                       ->FetchBlob(
                           "a/b", blob,
                           [](std::string_view) { return absl::OkStatus(); })),
            "NetworkConnectError/BlockedAddress");
  EXPECT_EQ(server_.Seen().size(), 1u);
}

TEST_F(OciRegistryTest, ABlobsRetryAfterIsWaitedForOrTold) {
  answers_[BlobTarget("x")] = {200, {}, "x"};
  scripted_ = {{429, {{"Retry-After", "7"}}, ""}};
  EXPECT_EQ(Fetch("x").value_or("failed"), "x");
  EXPECT_EQ(clock_.Slept(), absl::Seconds(7));
  scripted_ = {{429, {{"Retry-After", "3600"}}, ""}};
  const absl::Status status = Fetch("x").status();
  EXPECT_EQ(CodeOf(status), "RateLimited");
  EXPECT_EQ(base::RetryAfterOf(status), absl::Hours(1));
  EXPECT_EQ(server_.Seen().size(), 3u);
}

TEST_F(OciRegistryTest, ABlobsFinalStatusIsNotAskedForAgain) {
  for (const int status : {400, 403, 404, 405, 410, 416}) {
    const size_t before = server_.Seen().size();
    scripted_ = {{status, {}, ""}};
    EXPECT_FALSE(Fetch("x").ok());
    EXPECT_EQ(server_.Seen().size(), before + 1) << status;
  }
  EXPECT_EQ(clock_.Slept(), absl::ZeroDuration());
  answers_[BlobTarget("x")] = {200, {}, "x"};
  scripted_ = {{503, {}, ""}, {500, {}, ""}};
  EXPECT_EQ(Fetch("x").value_or("failed"), "x");
}

TEST_F(OciRegistryTest, ATokenThatExpiresInMidBlobIsRenewed) {
  login_ = "bearer";
  const std::string content(200'000, 'x');
  scripted_ = {{200, {}, content, "application/octet-stream", 70'000}};
  answers_[BlobTarget(content)] = {200, {}, content};
  EXPECT_EQ(Fetch(content).value_or("failed"), content);
  EXPECT_EQ(Logins(), 1);
}

TEST_F(OciRegistryTest, ATagIsResolvedByHeadAndByGetOnlyWhereThereIsNoHead) {
  const std::string digest = model::Digest::Of("m").text();
  const auto target = "/v2/a/b/manifests/v1";
  scripted_ = {{200, {{"Docker-Content-Digest", digest}}, ""}};
  EXPECT_EQ(Make()->ResolveTag("a/b", "v1")->text(), digest);
  answers_[target] = {200, {}, "m"};
  for (const int status : {200, 405, 501}) {
    scripted_ = {{status, {}, ""}};
    const auto resolved = Make()->ResolveTag("a/b", "v1");
    ASSERT_TRUE(resolved.ok()) << status << resolved.status();
    EXPECT_EQ(resolved->text(), digest);
  }
  const size_t before = server_.Seen().size();
  scripted_ = {{403, {}, ""}, {404, {}, ""}};
  EXPECT_EQ(CodeOf(Make()->ResolveTag("a/b", "v1").status()), "Unauthorized");
  EXPECT_EQ(CodeOf(Make()->ResolveTag("a/b", "v1").status()), "NotFound");
  EXPECT_EQ(server_.Seen().size(), before + 2);
}

// To the end it would go on for ever, and called the end it would make what
// comes after it look deleted.
TEST_F(OciRegistryTest, PagesThatGoInACircleAreAnErrorAlsoAfterARestart) {
  const auto page = [&](const std::string& at, const std::string& next) {
    answers_["/v2/a/b/tags/list?n=500" + at] = {
        200,
        {{"Link", "<?n=500&last=" + next + ">; rel=\"next\""}},
        R"({"tags":["x"]})"};
  };
  page("", "A");
  page("&last=A", "B");
  page("&last=B", "C");
  page("&last=C", "B");
  std::string cursor;
  absl::Status status;
  int pages = 0;
  for (; status.ok() && pages < 20; ++pages) {
    const auto listed = Make()->ListArtifacts("a/b", cursor);
    status = listed.status();
    if (status.ok()) {
      ASSERT_FALSE(listed->complete);
      cursor = listed->next_cursor;
    }
  }
  EXPECT_EQ(CodeOf(status), "NetworkError/Protocol");
  EXPECT_LE(pages, 8);
}

TEST_F(OciRegistryTest, ACursorThatIsNoneIsRefused) {
  for (const char* cursor : {"a b", "a b 1", "a b x 1", "a b 1 0", "a b 9 4",
                             "a  1 1", "a\n", "a b 1 1 1"}) {
    EXPECT_EQ(Make()->ListArtifacts("a/b", cursor).status().code(),
              absl::StatusCode::kInvalidArgument)
        << cursor;
  }
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

}  // namespace
}  // namespace landwaiter::agent::registry::oci
