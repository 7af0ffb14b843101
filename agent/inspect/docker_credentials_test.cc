#include "agent/inspect/docker_credentials.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "absl/strings/escaping.h"

namespace landwaiter::agent::inspect {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class DockerCredentialsTest : public ::testing::Test {
 protected:
  DockerCredentialsTest() {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }

  std::string File(const std::string& name, const std::string& text) {
    std::ofstream(folder_ + "/" + name) << text;
    return folder_ + "/" + name;
  }

  // "NAME:PASSWORD", or the error's text.
  static std::string Find(const std::vector<std::string>& files,
                          std::string_view host, std::string_view repository) {
    const auto found = FindDockerCredentials(files, host, repository);
    if (!found.ok()) return std::string(found.status().message());
    return found->username + ":" + found->password;
  }

  // A helper that knows one server; its name's end.
  void Helper(const std::string& name, const std::string& script) {
    const std::string path = folder_ + "/docker-credential-" + name;
    std::ofstream(path) << "#!/bin/sh\n" << script;
    chmod(path.c_str(), 0755);
    setenv("PATH", (folder_ + ":/usr/bin:/bin").c_str(), 1);
  }

  const std::string folder_ = ::testing::TempDir() + "/docker_credentials";
};

std::string Auth(const std::string& account) {
  return "{\"auth\": \"" + absl::Base64Escape(account) + "\"}";
}

TEST_F(DockerCredentialsTest, TheMostSpecialEntrySpeaksForARepository) {
  const std::string file =
      File("config.json",
           "{\"auths\": {\"quay.example\": " + Auth("host:a:b") +
               ", \"quay.example/team\": " + Auth("team:c") +
               ", \"https://old.example/v1/\": " + Auth("old:d") +
               ", \"https://index.docker.io/v1/\": " + Auth("hub:e") + "}}");
  EXPECT_EQ(Find({file}, "quay.example", "other/app"), "host:a:b");
  EXPECT_EQ(Find({file}, "quay.example", "team/app"), "team:c");
  EXPECT_EQ(Find({file}, "quay.example", "teammate/app"), "host:a:b");
  EXPECT_EQ(Find({file}, "old.example", "app"), "old:d");
  EXPECT_EQ(Find({file}, "docker.io", "library/debian"), "hub:e");
  EXPECT_EQ(Find({file}, "quay.example.org", "app"), ":");
}

TEST_F(DockerCredentialsTest, FilesAreLookedIntoInTurn) {
  const std::string first =
      File("auth.json", "{\"auths\": {\"a.example\": " + Auth("a:1") + "}}");
  const std::string second =
      File("config.json", "{\"auths\": {\"a.example\": " + Auth("a:2") +
                              ", \"b.example\": " + Auth("b:3") + "}}");
  const std::vector<std::string> files = {folder_ + "/missing", first, second};
  EXPECT_EQ(Find(files, "a.example", "x"), "a:1");
  EXPECT_EQ(Find(files, "b.example", "x"), "b:3");
}

TEST_F(DockerCredentialsTest, HelpersAreAskedOnStandardInput) {
  Helper("one",
         "read server\n[ \"$1 $server\" = 'get a.example' ] || exit 9\n"
         "echo '{\"ServerURL\":\"x\",\"Username\":\"u\",\"Secret\":\"s\"}'");
  Helper("none", "echo 'credentials not found in native keychain'; exit 1");
  const std::string helpers = File(
      "helpers.json",
      "{\"credHelpers\": {\"a.example\": \"one\", \"b.example\": \"none\"}}");
  EXPECT_EQ(Find({helpers}, "a.example", "x"), "u:s");
  EXPECT_EQ(Find({helpers}, "b.example", "x"), ":");
  const std::string store =
      File("store.json",
           "{\"auths\": {\"a.example\": {}}, \"credsStore\": \"one\"}");
  EXPECT_EQ(Find({store}, "a.example", "x"), "u:s");
  EXPECT_THAT(Find({store}, "c.example", "x"), HasSubstr("failed with code 9"));
}

TEST_F(DockerCredentialsTest, WhatCannotBeUsedIsSaidWithoutTheSecret) {
  Helper("token", "echo '{\"Username\":\"<token>\",\"Secret\":\"hunter2\"}'");
  Helper("noise", "echo hunter2");
  for (const std::string text :
       {"hunter2", "[\"hunter2\"]",
        "{\"auths\": {\"a.example\": {\"auth\": \"hunter2\"}}}",
        "{\"auths\": {\"a.example\": {\"auth\": [\"hunter2\"]}}}",
        "{\"auths\": {\"a.example\": {\"identitytoken\": \"hunter2\"}}}",
        "{\"credHelpers\": {\"a.example\": \"token\"}}",
        "{\"credHelpers\": {\"a.example\": \"noise\"}}",
        "{\"credHelpers\": {\"a.example\": \"missing\"}}",
        "{\"credHelpers\": {\"a.example\": \"../evil\"}}"}) {
    const std::string found =
        Find({File("config.json", text)}, "a.example", "x");
    EXPECT_THAT(found, HasSubstr("config.json\" cannot be used")) << text;
    EXPECT_THAT(found, Not(HasSubstr("hunter2"))) << text;
  }
}

TEST_F(DockerCredentialsTest, FilesAreWhereTheToolsKeepThem) {
  unsetenv("REGISTRY_AUTH_FILE");
  unsetenv("DOCKER_CONFIG");
  setenv("XDG_RUNTIME_DIR", "/run/user/7", 1);
  setenv("HOME", "/home/u", 1);
  EXPECT_THAT(DockerConfigFiles(),
              ElementsAre("/run/user/7/containers/auth.json",
                          "/home/u/.docker/config.json"));
  setenv("DOCKER_CONFIG", "/etc/docker", 1);
  EXPECT_THAT(DockerConfigFiles(),
              ElementsAre("/run/user/7/containers/auth.json",
                          "/etc/docker/config.json"));
  setenv("REGISTRY_AUTH_FILE", "/a.json", 1);
  EXPECT_THAT(DockerConfigFiles(), ElementsAre("/a.json"));
}

}  // namespace
}  // namespace landwaiter::agent::inspect
