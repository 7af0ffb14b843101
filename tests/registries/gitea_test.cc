// The agent against a real Gitea with its container registry.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "agent/registry/catalog.h"
#include "agent/registry/transport/authorization.h"
#include "core/base/strings.h"
#include "tests/registries/agent_run.h"
#include "tests/registries/distribution_server.h"
#include "tests/registries/gitea_server.h"
#include "tests/registries/push.h"

namespace landwaiter::test {
namespace {

using agent::registry::Connection;
using agent::registry::Credentials;
using agent::registry::Registry;

class GiteaTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!MissingTool({"gitea", "git"}).empty()) return;
    server_ = NewServer();
  }
  // With the standard content.
  static std::unique_ptr<GiteaServer> NewServer() {
    auto server = std::make_unique<GiteaServer>();
    for (const char* name : {"library", "team-a", "team-b"}) {
      server->MakeOrganization(name);
    }
    PusherTo(*server).Push(PushableContent());
    return server;
  }
  static void TearDownTestSuite() { server_.reset(); }
  void SetUp() override {
    if (server_ == nullptr) GTEST_SKIP() << "no gitea: ./dev setup";
  }

  static Pusher PusherTo(const GiteaServer& server) {
    return Pusher({.base = server.url()}, [](const std::string&) {
      return agent::registry::BasicHeaders({kUser, kPassword});
    });
  }
  std::unique_ptr<Registry> Open(const Credentials& credentials = {kUser,
                                                                   kPassword},
                                 const std::string& type = "Gitea") {
    Connection connection;
    connection.http.base = server_->url();
    connection.credentials = credentials;
    auto registry =
        agent::registry::NewRegistry(type, std::move(connection), clock_);
    EXPECT_TRUE(registry.ok()) << registry.status();
    return *std::move(registry);
  }
  std::string Verify(const Credentials& credentials,
                     const std::string& type = "Gitea") {
    return CodeOf(Open(credentials, type)->Verify().status());
  }

  static std::unique_ptr<GiteaServer> server_;
  base::RealClock clock_;
};

std::unique_ptr<GiteaServer> GiteaTest::server_;

TEST_F(GiteaTest, AnAdministratorVerifiesSyncsAndScans) {
  const auto registry = Open();
  const auto verified = registry->Verify();
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(verified->note, "");
  ExpectSyncAndScan(*registry, clock_, PushableContent());
}

TEST_F(GiteaTest, AWrongPasswordIsNotTaken) {
  EXPECT_EQ(Verify({kUser, "wrong"}), "FailedToVerifyUsernameOrPwd");
  EXPECT_EQ(Verify({"nobody", kPassword}), "FailedToVerifyUsernameOrPwd");
}

TEST_F(GiteaTest, WhoIsNoAdministratorIsTold) {
  EXPECT_EQ(Verify({GiteaServer::kPlainUser, kPassword}),
            "UserDoesNotHaveAdminRole");
}

TEST_F(GiteaTest, AnAccessTokenStandsInForThePassword) {
  const Credentials token = {kUser,
                             server_->MakeToken({"read:package", "read:user"})};
  EXPECT_EQ(Verify(token), "ok");
  ExpectSyncAndScan(*Open(token), clock_, PushableContent());
}

TEST_F(GiteaTest, AnAccessTokenWithoutAScopeIsTold) {
  EXPECT_EQ(Verify({kUser, server_->MakeToken({"read:package"})}),
            "UserDoesNotHaveAdminRole");
  EXPECT_EQ(Verify({kUser, server_->MakeToken({"read:user"})}),
            "UserDoesNotHaveAdminRole");
}

TEST_F(GiteaTest, WithoutAnAccountOnlyWhatIsPublicIsListed) {
  const auto registry = Open({});
  const auto verified = registry->Verify();
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_THAT(verified->note, ::testing::HasSubstr("public"));
  ExpectSyncAndScan(*registry, clock_, PushableContent());
}

TEST_F(GiteaTest, AClosedInstanceVerifiesAllTheSame) {
  const GiteaServer closed(true);
  Connection connection;
  connection.http.base = closed.url();
  const auto verify = [&](const Credentials& credentials) {
    connection.credentials = credentials;
    return CodeOf((*agent::registry::NewRegistry("Gitea", connection, clock_))
                      ->Verify()
                      .status());
  };
  EXPECT_EQ(verify({kUser, kPassword}), "ok");
  EXPECT_EQ(verify({kUser, "wrong"}), "FailedToVerifyUsernameOrPwd");
}

TEST_F(GiteaTest, ItIsAnOciRegistryTooAndNoneOfAnotherType) {
  EXPECT_EQ(Verify({kUser, kPassword}, "OCI"), "ok");
  EXPECT_EQ(Verify({kUser, "wrong"}, "OCI"), "FailedToVerifyUsernameOrPwd");
  for (const char* type : {"GitLab", "Harbor", "JFrog", "Nexus", "Quay"}) {
    EXPECT_EQ(Verify({kUser, kPassword}, type), "RegistryVersionError") << type;
  }
}

// Its pages have 100 repositories, whatever one asks for; it names a next page
// behind the last one too.
TEST_F(GiteaTest, MoreThanAPageOfRepositoriesIsListed) {
  const auto server = NewServer();
  server->MakeOrganization("many");
  Pusher pusher = PusherTo(*server);
  Connection connection;
  connection.http.base = server->url();
  connection.credentials = {kUser, kPassword};
  const RegistryContent content = PushableContent();
  std::set<std::string> names;
  for (const auto& [name, repository] : content.repositories) {
    names.insert(name);
  }
  for (int i = 0; i < 120; ++i) {
    const std::string name = base::StrCat("many/sub/app-", i);
    pusher.Copy(content, "library/app", name, "v1");
    names.insert(name);
  }
  std::set<std::string> found;
  std::string cursor;
  int pages = 0;
  for (bool complete = false; !complete; ++pages) {
    ASSERT_LT(pages, 5);
    const auto page =
        (*agent::registry::NewRegistry("Gitea", connection, clock_))
            ->ListRepositories(cursor);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const auto& entry : page->repositories) found.insert(entry.name);
    cursor = page->next_cursor;
    complete = page->complete;
  }
  EXPECT_EQ(pages, 2);
  EXPECT_EQ(found, names);
}

}  // namespace
}  // namespace landwaiter::test
