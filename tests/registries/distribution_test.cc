// The agent against real registries of Docker's distribution: Debian's 2.8 and
// v3, with Basic logins.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "agent/registry/catalog.h"
#include "agent/registry/transport/authorization.h"
#include "core/base/strings.h"
#include "tests/registries/agent_run.h"
#include "tests/registries/distribution_server.h"
#include "tests/registries/push.h"

namespace landwaiter::test {
namespace {

using agent::registry::Connection;
using agent::registry::Credentials;
using agent::registry::Registry;

std::unique_ptr<Registry> Open(Connection connection, base::Clock& clock) {
  auto registry =
      agent::registry::NewRegistry("OCI", std::move(connection), clock);
  EXPECT_TRUE(registry.ok()) << registry.status();
  return *std::move(registry);
}

class DistributionTest : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const std::string missing = MissingTool({GetParam()});
    if (!missing.empty())
      GTEST_SKIP() << missing << " is not there: ./dev setup";
  }

  // A server with these options, and who may connect to it.
  void Start(DistributionOptions options) {
    options.program = GetParam();
    server_ = std::make_unique<DistributionServer>(options);
    connection_.http.base = server_->url();
    if (options.htpasswd) connection_.credentials = {kUser, kPassword};
  }
  void Push(const RegistryContent& content) { NewPusher().Push(content); }
  Pusher NewPusher() {
    return Pusher(connection_.http, [this](const std::string&) {
      return agent::registry::BasicHeaders(connection_.credentials);
    });
  }
  std::string Verify(const Connection& connection) {
    return CodeOf(Open(connection, clock_)->Verify().status());
  }
  std::string VerifyAs(const Credentials& credentials) {
    Connection connection = connection_;
    connection.credentials = credentials;
    return Verify(connection);
  }

  base::RealClock clock_;
  std::unique_ptr<DistributionServer> server_;
  Connection connection_;
};

TEST_P(DistributionTest, ABasicLoginVerifiesSyncsAndScans) {
  Start({.htpasswd = true});
  const RegistryContent content = PushableContent();
  Push(content);
  const auto registry = Open(connection_, clock_);
  const auto verified = registry->Verify();
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(verified->note, "");
  ExpectSyncAndScan(*registry, clock_, content);
}

TEST_P(DistributionTest, AWrongPasswordAndNoneAreToldApart) {
  Start({.htpasswd = true});
  EXPECT_EQ(VerifyAs({kUser, "wrong"}), "FailedToVerifyUsernameOrPwd");
  EXPECT_EQ(VerifyAs({"nobody", kPassword}), "FailedToVerifyUsernameOrPwd");
  EXPECT_EQ(VerifyAs({}), "FailedToVerifyUsernameOrPwd/Login");
  EXPECT_EQ(VerifyAs({kUser, kPassword}), "ok");
}

TEST_P(DistributionTest, AnOpenRegistrySaysThatNothingWasChecked) {
  Start({});
  const RegistryContent content = PushableContent();
  Push(content);
  const auto anonymous = Open(connection_, clock_);
  const auto verified = anonymous->Verify();
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(verified->note, "");
  ExpectSyncAndScan(*anonymous, clock_, content);
  connection_.credentials = {kUser, "never asked for"};
  const auto unchecked = Open(connection_, clock_)->Verify();
  ASSERT_TRUE(unchecked.ok()) << unchecked.status();
  EXPECT_THAT(unchecked->note, ::testing::HasSubstr("open to everybody"));
}

TEST_P(DistributionTest, APrivateCaAndAClientCertificateAreNeeded) {
  const TestCa server_ca("servers"), client_ca("clients"), other_ca("others");
  Start({.htpasswd = true,
         .certificate = server_ca.Issue(),
         .client_ca_pem = client_ca.CertificatePem()});
  EXPECT_EQ(Verify(connection_), "NetworkConnectError/Tls");
  connection_.http.tls.ca_pem = other_ca.CertificatePem();
  EXPECT_EQ(Verify(connection_), "NetworkConnectError/Tls");
  connection_.http.tls.ca_pem = server_ca.CertificatePem();
  EXPECT_EQ(Verify(connection_), "NetworkConnectError/Tls");  // no certificate
  const CertificateAndKey stranger = other_ca.Issue();
  connection_.http.tls.client_certificate_pem = stranger.certificate;
  connection_.http.tls.client_key_pem = stranger.key;
  EXPECT_EQ(Verify(connection_), "NetworkConnectError/Tls");
  const CertificateAndKey client = client_ca.Issue();
  connection_.http.tls.client_certificate_pem = client.certificate;
  connection_.http.tls.client_key_pem = client.key;
  EXPECT_EQ(VerifyAs({kUser, "wrong"}), "FailedToVerifyUsernameOrPwd");
  EXPECT_EQ(Verify(connection_), "ok");
  const RegistryContent content = PushableContent();
  Push(content);
  ExpectSyncAndScan(*Open(connection_, clock_), clock_, content);
}

TEST_P(DistributionTest, AnExpiredCertificateAndAnotherNameAreTlsFailures) {
  const TestCa ca;
  connection_.http.tls.ca_pem = ca.CertificatePem();
  Start({.certificate = ca.Issue({.not_before = -7200, .not_after = -3600})});
  EXPECT_EQ(Verify(connection_), "NetworkConnectError/Tls");
  Start({.certificate = ca.Issue({.subject_alt_names = {"DNS:other.test"}})});
  EXPECT_EQ(Verify(connection_), "NetworkConnectError/Tls");
}

TEST_P(DistributionTest, PlainHttpToAnHttpsPortIsANetworkError) {
  const TestCa ca;
  Start({.certificate = ca.Issue()});
  connection_.http.base.scheme = "http";
  EXPECT_THAT(Verify(connection_),
              ::testing::StartsWith("NetworkConnectError/"));
}

TEST_P(DistributionTest, ListsGoOnPageByPageFromASavedCursor) {
  Start({.htpasswd = true});
  RegistryContent content;
  content.PushImage("library/app", "v1");
  Pusher pusher = NewPusher();
  pusher.Push(content);
  // More than the 500 that a page has.
  std::vector<std::string> names = {"library/app"};
  for (int i = 0; i < 510; ++i) {
    names.push_back(base::StrCat("project-", i % 3, "/sub/deep/app-", i));
    pusher.Copy(content, "library/app", names.back(), "v1");
  }
  const StoredManifest& manifest =
      content.repositories.at("library/app").manifests.begin()->second;
  for (int i = 0; i < 510; ++i) {
    pusher.PushManifest("library/app", base::StrCat("tag-", i),
                        manifest.media_type, manifest.bytes);
  }
  std::vector<std::string> found;
  std::string cursor;
  int pages = 0;
  for (bool complete = false; !complete; ++pages) {
    ASSERT_LT(pages, 10);
    const auto page = Open(connection_, clock_)->ListRepositories(cursor);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const auto& entry : page->repositories) found.push_back(entry.name);
    cursor = page->next_cursor;
    complete = page->complete;
  }
  EXPECT_EQ(pages, 2);
  EXPECT_THAT(found, ::testing::UnorderedElementsAreArray(names));
  std::set<std::string> tags;
  for (bool complete = false; !complete; ++pages) {
    ASSERT_LT(pages, 10);
    const auto page =
        Open(connection_, clock_)->ListArtifacts("library/app", cursor);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const auto& tag : page->tags) tags.insert(tag.name);
    cursor = page->next_cursor;
    complete = page->complete;
  }
  EXPECT_EQ(tags.size(), 511u);
}

TEST_P(DistributionTest, ARegistryThatAllowsSmallPagesOnlyIsListed) {
  Start({.config = "catalog: {maxentries: 2}\n"});
  const RegistryContent content = PushableContent();
  Push(content);
  EXPECT_EQ(Verify(connection_), "ok");
  ExpectSyncAndScan(*Open(connection_, clock_), clock_, content);
}

// Its name stays in the catalog; its list of tags is null or not found.
TEST_P(DistributionTest, ARepositoryWhoseTagsWereDeletedIsEmpty) {
  Start({});
  const RegistryContent content = PushableContent();
  Push(content);
  Pusher pusher = NewPusher();
  for (const auto& [digest, manifest] :
       content.repositories.at("library/app").manifests) {
    pusher.DeleteManifest("library/app", digest);
  }
  const auto synced = Sync(*Open(connection_, clock_), clock_);
  ASSERT_TRUE(synced.ok()) << synced.status();
  EXPECT_THAT(synced->repositories, ::testing::Contains("library/app"));
  EXPECT_FALSE(synced->tags.contains("library/app:v1"));
  EXPECT_TRUE(synced->tags.contains("team-a/app:multi"));
}

TEST_P(DistributionTest, ItIsNoRegistryOfAnotherType) {
  Start({.htpasswd = true});
  for (const char* type :
       {"Gitea", "GitLab", "Harbor", "JFrog", "Nexus", "Quay"}) {
    const auto other = agent::registry::NewRegistry(type, connection_, clock_);
    ASSERT_TRUE(other.ok()) << other.status();
    EXPECT_EQ(CodeOf((*other)->Verify().status()), "RegistryVersionError")
        << type;
  }
}

INSTANTIATE_TEST_SUITE_P(Real, DistributionTest,
                         ::testing::Values("docker-registry", "registry"),
                         [](const auto& info) {
                           return std::string(info.param) == "registry"
                                      ? "Version3"
                                      : "Debian";
                         });

}  // namespace
}  // namespace landwaiter::test
