// The agent against real registries that take tokens only.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "agent/registry/catalog.h"
#include "core/base/strings.h"
#include "tests/registries/agent_run.h"
#include "tests/registries/distribution_server.h"
#include "tests/registries/push.h"
#include "tests/registries/token_server.h"

namespace landwaiter::test {
namespace {

using agent::registry::Connection;
using agent::registry::Registry;
using ::testing::HasSubstr;

constexpr char kCatalog[] = "registry:catalog:*";
// Of a token's life; ends are whole seconds.
constexpr absl::Duration kShort = absl::Seconds(3);
constexpr char kPullApp[] = "repository:library/app:pull";

class TokenTest : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!MissingTool({GetParam()}).empty()) {
      GTEST_SKIP() << GetParam() << " is not there: ./dev setup";
    }
  }

  // A registry that sends its users to `realm_host`, with the standard
  // content.
  void Start(const std::string& realm_host = "127.0.0.1",
             const std::string& config = "") {
    DistributionOptions options{.program = GetParam()};
    options.config = base::StrCat(tokens_.RegistryConfig(realm_host), config);
    server_ = std::make_unique<DistributionServer>(options);
    connection_.http.base = server_->url();
    connection_.credentials = {kUser, kPassword};
    Pusher(connection_.http, [this](const std::string& repository) {
      return tokens_.PushHeaders(repository);
    }).Push(content_);
  }
  std::unique_ptr<Registry> Open() {
    auto registry = agent::registry::NewRegistry("OCI", connection_, clock_);
    EXPECT_TRUE(registry.ok()) << registry.status();
    return *std::move(registry);
  }
  absl::Status Verify() { return Open()->Verify().status(); }
  // The registry is called so, its token server too.
  void Call(const std::string& name) {
    connection_.http.base.host = name;
    connection_.http.resolver = [](const std::string&) {
      return std::vector<std::string>{"127.0.0.1"};
    };
  }

  const RegistryContent content_ = PushableContent();
  base::RealClock clock_;
  TokenServer tokens_;
  std::unique_ptr<DistributionServer> server_;
  Connection connection_;
};

TEST_P(TokenTest, VerifiesSyncsAndScansWithATokenAScope) {
  Start();
  const auto registry = Open();
  const auto verified = registry->Verify();
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(verified->note, "");
  ExpectSyncAndScan(*registry, clock_, content_);
  EXPECT_EQ(tokens_.AskedFor(kCatalog), 1);
  for (const auto& [name, repository] : content_.repositories) {
    EXPECT_EQ(tokens_.AskedFor(base::StrCat("repository:", name, ":pull")), 1);
  }
}

TEST_P(TokenTest, AWrongPasswordIsSentOnce) {
  Start();
  connection_.credentials.password = "wrong";
  const auto registry = Open();
  EXPECT_EQ(CodeOf(registry->Verify().status()), "FailedToVerifyUsernameOrPwd");
  EXPECT_FALSE(registry->ListRepositories("").ok());
  EXPECT_EQ(tokens_.Asked().size(), 1u);
}

TEST_P(TokenTest, WhoMayNotListIsNoAdministrator) {
  Start();
  tokens_.denied = {kCatalog};
  EXPECT_EQ(CodeOf(Verify()), "UserDoesNotHaveAdminRole");
  connection_.credentials = {};
  EXPECT_EQ(CodeOf(Verify()), "UserDoesNotHaveAdminRole");
}

TEST_P(TokenTest, TokensAreRenewedBeforeTheyEnd) {
  Start();
  tokens_.told = absl::Seconds(2);
  const auto registry = Open();
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(registry->ListArtifacts("library/app", "").ok());
    absl::SleepFor(absl::Seconds(1));
  }
  EXPECT_GE(tokens_.AskedFor(kPullApp), 2);
}

TEST_P(TokenTest, ATokenThatEndsAmidAListingIsReplaced) {
  Start("127.0.0.1", "catalog: {maxentries: 2}\n");
  tokens_.life = kShort;  // and said to be ten minutes
  const auto registry = Open();
  auto page = registry->ListRepositories("");
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_FALSE(page->complete);
  ASSERT_EQ(tokens_.AskedFor(kCatalog), 1);
  absl::SleepFor(kShort + absl::Milliseconds(100));
  page = registry->ListRepositories(page->next_cursor);
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->repositories.size(), 2u);
  EXPECT_EQ(tokens_.AskedFor(kCatalog), 2);
}

TEST_P(TokenTest, ATokenThatEndsBeforeABlobIsReplaced) {
  Start();
  tokens_.life = kShort;
  const auto registry = Open();
  ASSERT_TRUE(registry->GetManifest("library/app", "v1", 1 << 20).ok());
  ASSERT_EQ(tokens_.AskedFor(kPullApp), 1);
  absl::SleepFor(kShort + absl::Milliseconds(100));
  const std::string* layer = nullptr;
  for (const auto& [digest, bytes] : content_.blobs) {
    if (bytes.starts_with("\x1f\x8b")) layer = &bytes;
  }
  std::string got;
  const absl::Status status = registry->FetchBlob(
      "library/app",
      {.digest = model::Digest::Of(*layer), .size = layer->size()},
      [&](std::string_view data) {
        got.append(data);
        return absl::OkStatus();
      });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(got, *layer);
  EXPECT_EQ(tokens_.AskedFor(kPullApp), 2);
}

TEST_P(TokenTest, ATokenThatNeverHoldsIsAskedForOnce) {
  Start();
  tokens_.life = absl::Seconds(-1);
  const auto registry = Open();
  EXPECT_EQ(CodeOf(registry->ListArtifacts("library/app", "").status()),
            "Unauthorized");
  EXPECT_EQ(tokens_.Asked().size(), 1u);
}

TEST_P(TokenTest, CredentialsAreNotShownToAStrangersTokenServer) {
  Start("localhost");
  const absl::Status status = Verify();
  EXPECT_THAT(CodeOf(status), HasSubstr("FailedToVerifyUsernameOrPwd"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("http://localhost:"));
  EXPECT_TRUE(tokens_.Asked().empty());
}

TEST_P(TokenTest, ATokenServerOfTheRegistrysDomainIsTrusted) {
  Start("auth.registry.corp.test");
  Call("registry.corp.test");
  EXPECT_EQ(CodeOf(Verify()), "ok");
  Call("other.corp.test");  // a sibling is no relation
  EXPECT_NE(CodeOf(Verify()), "ok");
  Call("hub.auth.registry.corp.test");  // below the token server
  EXPECT_EQ(CodeOf(Verify()), "ok");
}

INSTANTIATE_TEST_SUITE_P(Real, TokenTest,
                         ::testing::Values("docker-registry", "registry"),
                         [](const auto& info) {
                           return std::string(info.param) == "registry"
                                      ? "Version3"
                                      : "Debian";
                         });

}  // namespace
}  // namespace landwaiter::test
