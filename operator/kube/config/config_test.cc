#include "operator/kube/config/config.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace landwaiter::kube {
namespace {

using testing::HasSubstr;

class ConfigTest : public testing::Test {
 protected:
  ConfigTest() {
    char path[] = "/tmp/landwaiter-config-XXXXXX";
    directory_ = mkdtemp(path);
  }
  ~ConfigTest() override { std::filesystem::remove_all(directory_); }

  void Write(const std::string& name, const std::string& text) {
    std::ofstream(directory_ + "/" + name) << text;
  }

  absl::StatusOr<ClusterConfig> Parse(
      const std::string& cluster, const std::string& user,
      KubeconfigTrust trust = KubeconfigTrust::kForeign) {
    std::string yaml = absl::StrCat(
        "apiVersion: v1\nkind: Config\ncurrent-context: here\n"
        "contexts:\n- name: here\n  context: {cluster: c, user: u, "
        "namespace: team}\n"
        "clusters:\n- name: c\n  cluster: {",
        cluster, "}\nusers:\n- name: u\n  user: {", user, "}\n");
    return ParseKubeconfig(yaml, {.trust = trust, .directory = directory_},
                           &clock_);
  }
  // The message of the error that the user part leads to.
  std::string UserError(const std::string& user) {
    return std::string(Parse("server: 'https://x'", user).status().message());
  }

  base::FakeClock clock_;
  std::string directory_;
};

TEST_F(ConfigTest, AForeignOneMayNotSendCredentialsUnprotected) {
  const auto message = [&](const std::string& cluster, KubeconfigTrust trust) {
    return std::string(Parse(cluster, "token: abc", trust).status().message());
  };
  EXPECT_THAT(message("server: 'http://x'", KubeconfigTrust::kForeign),
              HasSubstr("clusters[0].cluster.server"));
  const std::string insecure =
      "server: 'https://x', insecure-skip-tls-verify: true";
  EXPECT_THAT(message(insecure, KubeconfigTrust::kForeign),
              HasSubstr("insecure-skip-tls-verify"));
  EXPECT_EQ(message(insecure, KubeconfigTrust::kOwn), "");
}

TEST_F(ConfigTest, EverythingInlineIsRead) {
  auto config = Parse(
      absl::StrCat("server: 'https://api.example:6443/k8s/c-1/', "
                   "certificate-authority-data: ",
                   absl::Base64Escape("CA"),
                   ", tls-server-name: kubernetes, proxy-url: "
                   "'http://me:pw@proxy:3128'"),
      absl::StrCat(
          "token: abc, client-certificate-data: ", absl::Base64Escape("CERT"),
          ", client-key-data: ", absl::Base64Escape("KEY")));
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->server.host, "api.example");
  EXPECT_EQ(config->server.port, 6443);
  EXPECT_EQ(config->server.target, "/k8s/c-1");
  EXPECT_EQ(config->tls.ca_pem, "CA");
  EXPECT_EQ(config->tls.server_name, "kubernetes");
  EXPECT_FALSE(config->tls.insecure_skip_verify);
  EXPECT_EQ(config->tls.client_certificate_pem, "CERT");
  EXPECT_EQ(config->tls.client_key_pem, "KEY");
  EXPECT_EQ(config->proxy.url, "http://proxy:3128");
  EXPECT_EQ(config->proxy.username, "me");
  EXPECT_EQ(config->proxy.password, "pw");
  EXPECT_EQ(config->ns, "team");
  EXPECT_EQ(*config->token->Token(), "abc");
}

TEST_F(ConfigTest, ForeignKubeconfigMayRunNothingAndNameNoFile) {
  Write("token", "stolen");
  for (const char* field : {"client-certificate", "client-key", "tokenFile"}) {
    EXPECT_THAT(
        UserError(absl::StrCat(field, ": token")),
        HasSubstr(absl::StrCat("users[0].user.", field, ": is refused")))
        << field;
  }
  EXPECT_THAT(UserError("exec: {command: /bin/true}"),
              HasSubstr("users[0].user.exec: is refused"));
  EXPECT_THAT(UserError("auth-provider: {name: gcp}"),
              HasSubstr("users[0].user.auth-provider"));
  EXPECT_THAT(std::string(Parse("server: 'https://x', certificate-authority: "
                                "/etc/ssl/cert.pem",
                                "token: a")
                              .status()
                              .message()),
              HasSubstr("clusters[0].cluster.certificate-authority"));
}

TEST_F(ConfigTest, WhatWouldChangeWhoWeAreIsNotIgnored) {
  for (const char* field : {"username", "password", "as", "as-groups"}) {
    EXPECT_THAT(
        UserError(absl::StrCat(field, ": x")),
        HasSubstr(absl::StrCat("users[0].user.", field, ": is not supported")));
  }
  EXPECT_THAT(UserError(absl::StrCat("client-certificate-data: ",
                                     absl::Base64Escape("CERT"))),
              HasSubstr("users[0].user"));
}

TEST_F(ConfigTest, ErrorsNameTheField) {
  EXPECT_THAT(UserError("client-key-data: '%%'"),
              HasSubstr("users[0].user.client-key-data: is not base64"));
  EXPECT_THAT(UserError("token: [a]"),
              HasSubstr("users[0].user.token: is not text"));
  auto message = [](const absl::Status& status) {
    return std::string(status.message());
  };
  EXPECT_THAT(message(Parse("server: 'ftp://x'", "token: a").status()),
              HasSubstr("clusters[0].cluster.server"));
  EXPECT_THAT(message(Parse("server: 'https://x', insecure-skip-tls-verify: "
                            "maybe",
                            "token: a")
                          .status()),
              HasSubstr("insecure-skip-tls-verify"));
  EXPECT_THAT(message(Parse("server: 'https://x', proxy-url: 'socks5://p:1'",
                            "token: a")
                          .status()),
              HasSubstr("proxy-url"));
  EXPECT_THAT(message(ParseKubeconfig("a: [", {}, &clock_).status()),
              HasSubstr("not YAML"));
  EXPECT_THAT(message(ParseKubeconfig("kind: Config", {}, &clock_).status()),
              HasSubstr("current-context"));
  EXPECT_THAT(
      message(ParseKubeconfig("current-context: x", {}, &clock_).status()),
      HasSubstr("nothing named \"x\" in contexts"));
}

TEST_F(ConfigTest, OwnKubeconfigReadsFilesBesideIt) {
  Write("ca.pem", "CA");
  Write("token", "from-file\n");
  auto config = Parse("server: 'https://x', certificate-authority: ca.pem",
                      "tokenFile: token", KubeconfigTrust::kOwn);
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->tls.ca_pem, "CA");
  EXPECT_EQ(*config->token->Token(), "from-file");
  EXPECT_THAT(std::string(Parse("server: 'https://x'", "tokenFile: none",
                                KubeconfigTrust::kOwn)
                              .status()
                              .message()),
              HasSubstr("users[0].user.tokenFile"));
}

TEST_F(ConfigTest, OwnKubeconfigMayAskAProgram) {
  Write("plugin", R"(#!/bin/sh
count=$(cat "$1/count" 2>/dev/null || echo 0)
echo $((count + 1)) > "$1/count"
test "$GREETING" = hello || exit 3
echo "$KUBERNETES_EXEC_INFO" | grep -q ExecCredential || exit 4
printf '{"kind":"ExecCredential","status":{"token":"t%s","expirationTimestamp":"2023-11-14T23:00:00Z"}}' "$count"
)");
  std::filesystem::permissions(directory_ + "/plugin",
                               std::filesystem::perms::owner_all);
  const std::string user = absl::StrCat(
      "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin, "
      "args: ['",
      directory_, "'], env: [{name: GREETING, value: hello}]}");
  auto config = Parse("server: 'https://x'", user, KubeconfigTrust::kOwn);
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(*config->token->Token(), "t0");
  EXPECT_EQ(*config->token->Token(), "t0");
  clock_.Advance(absl::Hours(1));
  EXPECT_EQ(*config->token->Token(), "t1");
  config->token->Refused();
  EXPECT_EQ(*config->token->Token(), "t2");
}

TEST_F(ConfigTest, ProgramThatFailsIsNamed) {
  auto config = Parse("server: 'https://x'", "exec: {command: 'false'}",
                      KubeconfigTrust::kOwn);
  EXPECT_TRUE(absl::IsUnauthenticated(config.status()));
  EXPECT_THAT(std::string(config.status().message()),
              HasSubstr("users[0].user.exec: false failed"));
  config = Parse("server: 'https://x'", "exec: {command: 'no-such-program'}",
                 KubeconfigTrust::kOwn);
  EXPECT_FALSE(config.ok());
}

TEST_F(ConfigTest, PodReadsItsServiceAccount) {
  Write("ca.crt", "CA");
  Write("token", "first");
  Write("namespace", "landwaiter");
  std::map<std::string, std::string> variables = {
      {"KUBERNETES_SERVICE_HOST", "fd00::1"},
      {"KUBERNETES_SERVICE_PORT", "443"}};
  PodEnvironment pod{[&](const char* name) { return variables[name]; },
                     directory_};
  auto config = InClusterConfig(pod, &clock_);
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->server.host, "fd00::1");
  EXPECT_EQ(config->server.Origin(), "https://[fd00::1]");
  EXPECT_EQ(config->ns, "landwaiter");
  variables.clear();
  EXPECT_TRUE(
      absl::IsFailedPrecondition(InClusterConfig(pod, &clock_).status()));
}

TEST_F(ConfigTest, RotatedTokenIsSeenAndAMissingOneIsBridged) {
  Write("token", "first");
  FileToken token(directory_ + "/token", &clock_);
  EXPECT_EQ(*token.Token(), "first");
  // kubelet swaps a symbolic link: another file, another time.
  Write("next", "second\n");
  std::filesystem::last_write_time(
      directory_ + "/next",
      std::filesystem::file_time_type::clock::now() + std::chrono::seconds(9));
  std::filesystem::rename(directory_ + "/next", directory_ + "/token");
  EXPECT_EQ(*token.Token(), "second");
  std::filesystem::remove(directory_ + "/token");
  EXPECT_EQ(*token.Token(), "second");
  token.Refused();
  EXPECT_EQ(*token.Token(), "second");
}

TEST_F(ConfigTest, TokenOfTheSameTimeIsReadAgainAfterAMinute) {
  Write("token", "first");
  FileToken token(directory_ + "/token", &clock_);
  EXPECT_EQ(*token.Token(), "first");
  const auto time = std::filesystem::last_write_time(directory_ + "/token");
  Write("token", "other");
  std::filesystem::last_write_time(directory_ + "/token", time);
  EXPECT_EQ(*token.Token(), "first");
  clock_.Advance(absl::Minutes(1));
  EXPECT_EQ(*token.Token(), "other");
}

}  // namespace
}  // namespace landwaiter::kube
