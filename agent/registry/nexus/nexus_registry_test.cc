#include "agent/registry/nexus/nexus_registry.h"

#include "agent/registry/hosted/testing.h"
#include "core/base/strings.h"
#include "gmock/gmock.h"

namespace landwaiter::agent::registry::nexus {
namespace {

using test::Answer;
using test::SeenRequest;
using testing::ElementsAre;

// A Nexus with the standard content in "images", a proxy with one image, a
// group of both and a repository of another format.
class NexusTest : public hosted::HostedTest {
 protected:
  NexusTest() { proxied_.PushImage("debian", "12"); }

  std::optional<Answer> Api(const SeenRequest& request) override {
    const std::string& target = request.target;
    if (target == "/service/rest/v1/status") return Answer{.body = ""};
    if (target == "/service/rest/v1/repositories") {
      if (!IsLoggedIn(request)) return Answer{401, {}, ""};
      return forbidden_ ? Answer{403, {}, ""} : Answer{.body = repositories_};
    }
    for (const auto& [name, registry] :
         {std::pair("images", &images_), std::pair("proxy", &proxy_)}) {
      const std::string prefix = base::StrCat("/repository/", name);
      if (!target.starts_with(prefix + "/v2/")) continue;
      // Open to everybody: strangers see nothing, yet no error.
      if (!IsLoggedIn(request)) return Answer{.body = R"({"repositories":[]})"};
      SeenRequest inner = request;
      inner.target = target.substr(prefix.size());
      if (one_a_page_) {
        const size_t n = inner.target.find("n=500");
        if (n != inner.target.npos) inner.target.replace(n, 5, "n=1");
      }
      return registry->Serve(inner);  // its Link knows of no prefix
    }
    return std::nullopt;
  }

  std::unique_ptr<Registry> New(const std::string& password = "password") {
    return *NewNexusRegistry(ConnectionAs("user", password), clock_);
  }

  test::RegistryContent proxied_;
  test::Distribution images_{content_}, proxy_{proxied_};
  bool forbidden_ = false, one_a_page_ = false;
  std::string repositories_ =
      R"([{"name":"proxy","format":"docker","type":"proxy"},
          {"name":"all","format":"docker","type":"group"},
          {"name":"images","format":"docker","type":"hosted"},
          {"name":"maven","format":"maven2","type":"hosted"}])";
};

TEST_F(NexusTest, AnAccountVerifies) {
  EXPECT_EQ(CodeOf(New()->Verify().status()), "ok");
}

TEST_F(NexusTest, AWrongPasswordIsSentOnce) {
  EXPECT_EQ(CodeOf(New("wrong")->Verify().status()),
            "FailedToVerifyUsernameOrPwd");
  EXPECT_EQ(server_.Seen().size(), 2u);
  EXPECT_EQ(server_.Seen()[0].Header("Authorization"), "");
}

TEST_F(NexusTest, SomethingElseIsAVersionError) {
  instead_ = Answer{404, {}, "not found", "text/plain"};
  EXPECT_EQ(CodeOf(New()->Verify().status()), "RegistryVersionError");
}

TEST_F(NexusTest, AWebPageIsANetworkError) {
  instead_ = Answer{200, {}, "<html>", "text/html"};
  EXPECT_EQ(CodeOf(New()->Verify().status()), "NetworkConnectError/Protocol");
}

TEST_F(NexusTest, WhoIsShownNoRepositoryIsNoAdmin) {
  forbidden_ = true;
  EXPECT_EQ(CodeOf(New()->Verify().status()), "UserDoesNotHaveAdminRole");
  forbidden_ = false;
  repositories_ = "[]";
  EXPECT_EQ(CodeOf(New()->Verify().status()), "UserDoesNotHaveAdminRole");
  EXPECT_EQ(CodeOf(New()->ListRepositories("").status()), "Unauthorized");
}

TEST_F(NexusTest, HostedAndProxiedImagesAreListedGroupsAreNot) {
  EXPECT_THAT(AllRepositories([&] { return New(); }),
              ElementsAre("images/library/app", "images/team-a/app",
                          "images/team-a/sub/deep/app", "images/team-b/tools",
                          "proxy/debian"));
}

// sonatype/nexus-public#1011
TEST_F(NexusTest, ALinkWithAWrongPrefixIsFollowedByItsQuery) {
  one_a_page_ = true;
  EXPECT_EQ(AllRepositories([&] { return New(); }).size(), 5u);
  EXPECT_GT(Asked("/repository/images/v2/_catalog?n=500&last="), 0);
}

TEST_F(NexusTest, ImagesAreListedAndPulledWhereTheyAre) {
  const auto page = New()->ListArtifacts("images/library/app", "");
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->tags.size(),
            content_.repositories.at("library/app").tags.size());
  ExpectPull(*New(), "proxy/debian", "12");
  ExpectPull(*New(), "images/library/app", "v1");
}

TEST_F(NexusTest, CursorsAndNamesOfSomethingElseAreRefused) {
  EXPECT_TRUE(
      absl::IsInvalidArgument(New()->ListRepositories("../x y").status()));
  EXPECT_TRUE(
      absl::IsInvalidArgument(New()->ListArtifacts("alone", "").status()));
}

}  // namespace
}  // namespace landwaiter::agent::registry::nexus
