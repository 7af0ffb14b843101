#include "operator/jobs/credentials.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"

namespace landwaiter::jobs {
namespace {

using kube::Json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

class CredentialsTest : public testing::Test {
 protected:
  CredentialsTest() { registry_.host = "harbor.example.com"; }

  void Put(const std::string& name,
           const std::map<std::string, std::string>& data) {
    Json json = {
        {"metadata",
         {{"name", name}, {"uid", "uid-" + name}, {"resourceVersion", "7"}}}};
    for (const auto& [key, value] : data) {
      json["data"][key] = absl::Base64Escape(value);
    }
    secrets_[name] = std::make_shared<const Json>(json);
  }

  absl::StatusOr<Credentials> Resolve() {
    return ResolveCredentials(registry_, [this](const std::string& name) {
      const auto it = secrets_.find(name);
      return it == secrets_.end() ? nullptr : it->second;
    });
  }

  api::ImageRegistry registry_;
  std::map<std::string, kube::ObjectPtr> secrets_;
};

TEST_F(CredentialsTest, NoReferenceMeansAnonymous) {
  const auto credentials = Resolve();
  ASSERT_TRUE(credentials.ok());
  EXPECT_TRUE(credentials->files.empty());
}

TEST_F(CredentialsTest, UsernameAndPasswordAreTakenByteForByte) {
  registry_.credentials_secret = "account";
  Put("account", {{"username", "me"}, {"password", "p\xff w\n"}});
  const auto credentials = Resolve();
  ASSERT_TRUE(credentials.ok()) << credentials.status();
  EXPECT_THAT(credentials->files, ElementsAre(Pair("password", "p\xff w\n"),
                                              Pair("username", "me")));
}

TEST_F(CredentialsTest, MissingSecretIsNotFoundAndNamed) {
  registry_.credentials_secret = "account";
  const auto credentials = Resolve();
  EXPECT_EQ(credentials.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(credentials.status().message()),
              HasSubstr("account"));
}

TEST_F(CredentialsTest, DockerConfigIsReadForTheRegistrysHost) {
  registry_.credentials_secret = "docker";
  for (const std::string& config :
       {std::string(R"({"auths":{"https://harbor.example.com/v1/":)"
                    R"({"username":"me","password":"secret"}}})"),
        base::StrCat(R"({"auths":{"Harbor.example.com":{"auth":")",
                     absl::Base64Escape("me:secret"), R"("}}})")}) {
    Put("docker", {{".dockerconfigjson", config}});
    const auto credentials = Resolve();
    ASSERT_TRUE(credentials.ok()) << credentials.status();
    EXPECT_THAT(credentials->files, ElementsAre(Pair("password", "secret"),
                                                Pair("username", "me")));
  }
}

TEST_F(CredentialsTest, CredentialsForAnotherHostAreNotUsed) {
  registry_.credentials_secret = "docker";
  Put("docker",
      {{".dockerconfigjson", R"({"auths":{"harbor.example.com.evil.example":)"
                             R"({"username":"me","password":"secret"}}})"}});
  const auto credentials = Resolve();
  EXPECT_EQ(credentials.status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(CredentialsTest, ErrorsNeverHoldTheSecret) {
  registry_.credentials_secret = "docker";
  for (const char* config :
       {"canary", R"({"auths":["canary"]})",
        R"({"auths":{"harbor.example.com":{"auth":"canary!"}}})",
        R"({"auths":{"harbor.example.com":{"auth":"Y2FuYXJ5"}}})"}) {
    Put("docker", {{".dockerconfigjson", config}});
    const auto credentials = Resolve();
    ASSERT_FALSE(credentials.ok());
    EXPECT_THAT(std::string(credentials.status().message()),
                Not(HasSubstr("canary")));
  }
}

TEST_F(CredentialsTest, VersionFollowsTheSecretsAndHidesTheirContents) {
  registry_.credentials_secret = "account";
  Put("account", {{"username", "me"}, {"password", "canary"}});
  const std::string before = Resolve()->version;
  EXPECT_THAT(before, Not(HasSubstr("canary")));
  Json changed = *secrets_["account"];
  changed["metadata"]["resourceVersion"] = "8";
  secrets_["account"] = std::make_shared<const Json>(changed);
  EXPECT_NE(Resolve()->version, before);
}

}  // namespace
}  // namespace landwaiter::jobs
