#include <filesystem>

#include "analyzer/advisory/oci_artifact.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/registries/distribution_server.h"
#include "tests/registries/token_server.h"
#include "tests/support/files.h"

// Advisory databases pushed to and pulled from Debian's docker-registry.
namespace landwaiter::analyzer::advisory {
namespace {

using landwaiter::testing::ReadFile;
using landwaiter::testing::WriteFile;
using test::DistributionOptions;
using test::DistributionServer;

class ArtifactTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string missing = test::MissingTool({"docker-registry"});
    if (!missing.empty()) GTEST_SKIP() << missing << " is not installed";
    options_.plain_http = true;
    // More than one part of an upload.
    std::string bytes(size_t{9} << 20, '\0');
    uint32_t state = 1;
    for (char& byte : bytes) {
      state = state * 1664525 + 1013904223;
      byte = static_cast<char>(state >> 24);
    }
    WriteFile(File("stream"), bytes);
  }
  std::string File(const std::string& name) const {
    return dir_.path() + "/" + name;
  }
  static ArtifactReference At(const DistributionServer& server,
                              const std::string& tag = "latest") {
    return {.host = base::StrCat("127.0.0.1:", server.url().port),
            .repository = "security/advisories",
            .tag = tag,
            .digest = {}};
  }
  void ExpectRoundTrip(const DistributionServer& server) {
    const auto pushed =
        PushArtifact(At(server), File("stream"), "version", options_);
    ASSERT_TRUE(pushed.ok()) << pushed.status();
    const auto pulled = PullArtifact(At(server), File("copy"), options_);
    ASSERT_TRUE(pulled.ok()) << pulled.status();
    EXPECT_EQ(*pulled, *pushed);
    EXPECT_TRUE(ReadFile(File("copy")) == ReadFile(File("stream")));
    ArtifactReference by_digest = At(server, "");
    by_digest.digest = *pushed;
    EXPECT_EQ(ResolveArtifact(by_digest, options_).value(), *pushed);
  }

  landwaiter::testing::TempDir dir_;
  ArtifactOptions options_;
};

TEST_F(ArtifactTest, WhatIsPulledIsWhatWasPushed) {
  DistributionServer server({.program = "docker-registry"});
  ExpectRoundTrip(server);
  // Once more: what is there is not sent again.
  ExpectRoundTrip(server);
}

TEST_F(ArtifactTest, ABasicLoginIsUsedAndNeeded) {
  DistributionServer server({.program = "docker-registry", .htpasswd = true});
  EXPECT_EQ(
      base::FailureCodeOf(
          PushArtifact(At(server), File("stream"), "v", options_).status()),
      base::FailureCode::kUnauthorized);
  options_.login = {test::kUser, "wrong"};
  EXPECT_EQ(
      base::FailureCodeOf(
          PushArtifact(At(server), File("stream"), "v", options_).status()),
      base::FailureCode::kUnauthorized);
  options_.login = {test::kUser, test::kPassword};
  ExpectRoundTrip(server);
}

TEST_F(ArtifactTest, WhatIsNotThereLeavesNothing) {
  DistributionServer server({.program = "docker-registry"});
  const auto pulled = PullArtifact(At(server), File("copy"), options_);
  EXPECT_EQ(base::FailureCodeOf(pulled.status()), base::FailureCode::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(File("copy")));
}

TEST_F(ArtifactTest, WithoutARegistryTheErrorNamesTheConnection) {
  ArtifactReference nowhere{
      .host = "127.0.0.1:1", .repository = "a", .tag = "latest", .digest = {}};
  EXPECT_EQ(
      base::FailureCodeOf(PullArtifact(nowhere, File("x"), options_).status()),
      base::FailureCode::kNetworkConnectError);
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
