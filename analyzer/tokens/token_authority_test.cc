#include "analyzer/tokens/token_authority.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "analyzer/tokens/base64url.h"

namespace landwaiter::analyzer::tokens {
namespace {

class TokenAuthorityTest : public ::testing::Test {
 protected:
  TokenAuthorityTest()
      : path_(std::filesystem::path(::testing::TempDir()) /
              ("landwaiter-keys-" + std::to_string(getpid()))) {
    std::filesystem::remove(path_);
  }
  ~TokenAuthorityTest() override { std::filesystem::remove(path_); }

  std::unique_ptr<TokenAuthority> Open(const std::string& path = "") {
    return *TokenAuthority::Open(path, clock_, {});
  }
  static model::AgentIdentity Identity() {
    return {.tenant = {.cluster_uid = "uid", .ns = "team-a"},
            .cluster = "cluster01",
            .registry_uid = "registry-uid",
            .token_id = ""};
  }
  static absl::StatusCode CodeOf(TokenAuthority& authority,
                                 const std::string& token) {
    return authority.Verify(token).status().code();
  }

  base::FakeClock clock_;
  std::filesystem::path path_;
};

TEST_F(TokenAuthorityTest, ATokenSpeaksForItsRegistryInItsCluster) {
  auto authority = Open();
  const auto token = *authority->Issue(Identity());
  EXPECT_EQ(token.expires, clock_.Now() + absl::Minutes(15));
  const auto verified = authority->Verify(token.token);
  ASSERT_TRUE(verified.ok()) << verified.status();
  model::AgentIdentity expected = Identity();
  expected.token_id = verified->identity.token_id;
  EXPECT_EQ(verified->identity, expected);
  EXPECT_EQ(verified->identity.token_id.size(), 32u);
}

TEST_F(TokenAuthorityTest, EveryPodHasAnIdOfItsOwnThatRenewalKeeps) {
  auto authority = Open();
  const auto first = authority->Verify(authority->Issue(Identity())->token);
  const auto second = authority->Verify(authority->Issue(Identity())->token);
  EXPECT_NE(first->identity.token_id, second->identity.token_id);
  clock_.Advance(absl::Minutes(10));
  const auto renewed = *authority->Renew(first->identity);
  EXPECT_EQ(authority->Verify(renewed.token)->identity, first->identity);
  EXPECT_EQ(renewed.expires, clock_.Now() + absl::Minutes(15));
}

TEST_F(TokenAuthorityTest, AnExpiredTokenIsRefusedButForTheSkew) {
  auto authority = Open();
  const auto token = *authority->Issue(Identity());
  clock_.Advance(absl::Minutes(15) + absl::Seconds(29));
  EXPECT_TRUE(authority->Verify(token.token).ok());
  clock_.Advance(absl::Seconds(2));
  EXPECT_EQ(CodeOf(*authority, token.token),
            absl::StatusCode::kUnauthenticated);
}

TEST_F(TokenAuthorityTest, ATokenOfTheFutureIsRefused) {
  auto authority = Open();
  const auto token = *authority->Issue(Identity());
  clock_.Advance(-absl::Minutes(5));
  EXPECT_EQ(CodeOf(*authority, token.token),
            absl::StatusCode::kUnauthenticated);
}

TEST_F(TokenAuthorityTest, AnyChangeOfATokenIsRefused) {
  auto authority = Open();
  const std::string token = authority->Issue(Identity())->token;
  for (size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_EQ(CodeOf(*authority, changed), absl::StatusCode::kUnauthenticated)
        << i;
  }
  for (const std::string& bad :
       {std::string(), std::string("a.b.c"), std::string(".."), token + ".x",
        token.substr(0, token.rfind('.') + 1), std::string(10'000, 'a'),
        std::string("..."), token + "="}) {
    EXPECT_EQ(CodeOf(*authority, bad), absl::StatusCode::kUnauthenticated);
  }
}

TEST_F(TokenAuthorityTest, AlgorithmNoneIsRefused) {
  auto authority = Open();
  const std::string token = authority->Issue(Identity())->token;
  const size_t dot = token.find('.');
  const std::string forged = Base64UrlEncode(R"({"alg":"none"})") +
                             token.substr(dot, token.rfind('.') - dot) + ".";
  EXPECT_EQ(CodeOf(*authority, forged), absl::StatusCode::kUnauthenticated);
}

TEST_F(TokenAuthorityTest, TheTokenOfAnotherAnalyzerIsRefused) {
  auto authority = Open();
  (void)authority->Issue(Identity());
  EXPECT_EQ(CodeOf(*authority, Open()->Issue(Identity())->token),
            absl::StatusCode::kUnauthenticated);
}

TEST_F(TokenAuthorityTest, TokensOutliveARestartAndTheKeyIsPrivate) {
  const std::string token = Open(path_)->Issue(Identity())->token;
  struct stat info = {};
  ASSERT_EQ(::stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  EXPECT_TRUE(Open(path_)->Verify(token).ok());
}

TEST_F(TokenAuthorityTest, AKeyThatOthersMayReadIsRefused) {
  (void)Open(path_)->Issue(Identity());
  ::chmod(path_.c_str(), 0640);
  EXPECT_EQ(TokenAuthority::Open(path_, clock_, {}).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_F(TokenAuthorityTest, AFileThatHoldsNoKeysIsRefused) {
  std::ofstream(path_) << R"({"keys": [{"created": 1, "pem": "x"}]})";
  ::chmod(path_.c_str(), 0600);
  EXPECT_EQ(TokenAuthority::Open(path_, clock_, {}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(TokenAuthorityTest, KeysRotateAndOldTokensStayGood) {
  auto authority = Open(path_);
  (void)authority->Issue(Identity());
  clock_.Advance(absl::Hours(24) - absl::Minutes(1));
  const std::string old = authority->Issue(Identity())->token;
  clock_.Advance(absl::Minutes(2));
  const std::string fresh = authority->Issue(Identity())->token;
  EXPECT_NE(old.substr(0, old.find('.')), fresh.substr(0, fresh.find('.')));
  EXPECT_TRUE(authority->Verify(old).ok());
  EXPECT_TRUE(authority->Verify(fresh).ok());
}

TEST(Base64UrlTest, OneByteStringHasOneEncoding) {
  for (const std::string& bytes :
       {std::string(), std::string("f"), std::string("fo"), std::string("foo"),
        std::string("\xff\xfe\0x", 4)}) {
    EXPECT_EQ(Base64UrlDecode(Base64UrlEncode(bytes)), bytes);
  }
  EXPECT_EQ(Base64UrlEncode("\xfb\xff"), "-_8");
  EXPECT_EQ(Base64UrlDecode("-_9"), std::nullopt);
  EXPECT_EQ(Base64UrlDecode("Zg=="), std::nullopt);
  EXPECT_EQ(Base64UrlDecode("A"), std::nullopt);
  EXPECT_EQ(Base64UrlDecode("+/8"), std::nullopt);
}

}  // namespace
}  // namespace landwaiter::analyzer::tokens
