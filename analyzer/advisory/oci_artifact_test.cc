#include "analyzer/advisory/oci_artifact.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace landwaiter::analyzer::advisory {
namespace {

TEST(ArtifactReferenceTest, APortATagAndADigestAreToldApart) {
  const std::string digest = "sha256:" + std::string(64, 'a');
  const auto full = ParseArtifactReference("registry:5000/a/b:v1@" + digest);
  ASSERT_TRUE(full.ok()) << full.status();
  EXPECT_EQ(full->host, "registry:5000");
  EXPECT_EQ(full->repository, "a/b");
  EXPECT_EQ(full->tag, "v1");
  EXPECT_EQ(full->digest, digest);
  EXPECT_EQ(ParseArtifactReference("oci://host/a")->tag, "latest");
  EXPECT_EQ(ParseArtifactReference("host/a@" + digest)->tag, "");
}

TEST(ArtifactReferenceTest, WhatIsNoReferenceIsRefused) {
  for (const char* text : {"", "a", "/a", "h/", "h/A", "h/a:", "h/a:b c",
                           "h/a@sha256:1", "h/../b", "h/a/"}) {
    EXPECT_FALSE(ParseArtifactReference(text).ok()) << text;
  }
}

TEST(DockerLoginTest, TheHostsEntryIsRead) {
  const std::string file = R"({"auths": {
    "https://one.example/v1/": {"auth": "dXNlcjpzZWNyZXQ6eA=="},
    "two.example:5000": {"username": "u", "password": "p"}}})";
  const auto one = ReadDockerLogin(file, "one.example");
  ASSERT_TRUE(one.ok()) << one.status();
  EXPECT_EQ(one->username, "user");
  EXPECT_EQ(one->password, "secret:x");
  EXPECT_EQ(ReadDockerLogin(file, "two.example:5000")->username, "u");
  EXPECT_EQ(ReadDockerLogin(file, "two.example").status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(ReadDockerLogin("{", "x").status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
