#include "agent/registry/google/service_account.h"

#include <functional>
#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "agent/registry/testing.h"
#include "core/base/failure.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/registries/google/grant.h"
#include "tests/support/registries/google/simulator.h"

namespace landwaiter::agent::registry::google {
namespace {

using nlohmann::json;
using testing::HasSubstr;

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

absl::Status ParseWith(const std::function<void(json&)>& change,
                       const std::string& user = "_json_key") {
  json file = test::GoogleKeyFile();
  change(file);
  return ServiceAccount::Parse({user, file.dump()}).status();
}

TEST(ServiceAccountTest, AKeyFileIsReadAsDockerTakesIt) {
  const std::string file = test::GoogleKeyFile().dump();
  const auto plain = ServiceAccount::Parse({"_json_key", file});
  ASSERT_TRUE(plain.ok()) << plain.status();
  EXPECT_EQ(plain->project(), "acme-prod");
  EXPECT_EQ(plain->email(), "scanner@acme-prod.iam.gserviceaccount.com");
  EXPECT_TRUE(
      ServiceAccount::Parse({"_json_key_base64", absl::Base64Escape(file)})
          .ok());
}

TEST(ServiceAccountTest, AGrantIsWhatGoogleTakes) {
  const auto account =
      ServiceAccount::Parse({"_json_key", test::GoogleKeyFile().dump()});
  ASSERT_TRUE(account.ok());
  const auto grant = account->Grant("a b", kNow);
  ASSERT_TRUE(grant.ok()) << grant.status();
  EXPECT_EQ(test::FaultOfGrant(*grant, kNow), "");
  EXPECT_THAT(test::FaultOfGrant(*grant, kNow + absl::Hours(2)),
              HasSubstr("reasonable timeframe"));
  std::string forged = *grant;
  forged[forged.size() / 2] ^= 1;
  EXPECT_NE(test::FaultOfGrant(forged, kNow), "");
}

// Whoever could name the token server would be sent grants.
TEST(ServiceAccountTest, TokensFromElsewhereThanGoogleAreRefused) {
  for (const char* uri : {"https://oauth2.googleapis.com.evil.example/token",
                          "http://oauth2.googleapis.com/token",
                          "https://evil.example/token", ""}) {
    const absl::Status status =
        ParseWith([&](json& file) { file["token_uri"] = uri; });
    EXPECT_EQ(CodeOf(status), "FailedToVerifyUsernameOrPwd") << uri;
  }
  EXPECT_FALSE(ParseWith([](json& file) {
                 file["universe_domain"] = "evil.example";
               }).ok());
  EXPECT_TRUE(ParseWith([](json& file) {
                file["token_uri"] =
                    "https://accounts.google.com/o/oauth2/token";
                file.erase("universe_domain");
              }).ok());
}

TEST(ServiceAccountTest, WhatIsNoKeyFileIsToldWithoutBeingShown) {
  for (const char* member : {"type", "project_id", "private_key_id",
                             "private_key", "client_email", "token_uri"}) {
    const absl::Status status =
        ParseWith([&](json& file) { file[member] = "SECRET value"; });
    EXPECT_EQ(CodeOf(status), "FailedToVerifyUsernameOrPwd") << member;
    EXPECT_FALSE(ParseWith([&](json& file) { file.erase(member); }).ok());
    EXPECT_FALSE(ParseWith([&](json& file) { file[member] = 1; }).ok());
    if (std::string(member) != "token_uri") {
      EXPECT_THAT(std::string(status.message()),
                  testing::Not(HasSubstr("SECRET")));
    }
  }
  for (const char* password : {"", "hunter2", "[]", "null", "{\"type\":"}) {
    EXPECT_FALSE(ServiceAccount::Parse({"_json_key", password}).ok());
    EXPECT_FALSE(ServiceAccount::Parse({"_json_key_base64", password}).ok());
  }
  EXPECT_FALSE(ParseWith([](json&) {}, "user").ok());
}

TEST(ServiceAccountTest, AKeyWithAPassphraseIsRefusedWithoutAsking) {
  const absl::Status status = ParseWith([](json& file) {
    file["private_key"] =
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"
        "DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\n"
        "AAAAAAAAAAAAAAAAAAAAAA==\n-----END RSA PRIVATE KEY-----\n";
  });
  EXPECT_THAT(std::string(status.message()), HasSubstr("RSA"));
}

TEST(ServiceAccountTest, IdsOfProjects) {
  EXPECT_TRUE(IsProject("acme-prod"));
  EXPECT_TRUE(IsProject("example.com:acme"));
  for (const char* id : {"", "a/b", "../x", "A", "-a", "a?b", "a b"}) {
    EXPECT_FALSE(IsProject(id)) << id;
  }
}

}  // namespace
}  // namespace landwaiter::agent::registry::google
