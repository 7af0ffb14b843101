#include "operator/run/remote_threads.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/http/address_policy.h"

namespace landwaiter::run {
namespace {

using testing::HasSubstr;

// What a call to the server of this kubeconfig's cluster comes to, where the
// operator's configuration allows `allowed`.
absl::Status Call(const std::string& server,
                  const std::vector<std::string>& allowed) {
  base::RealClock clock;
  reconcile::LinkSpec spec;
  spec.kubeconfig = base::StrCat(
      "apiVersion: v1\nkind: Config\ncurrent-context: x\n"
      "contexts: [{name: x, context: {cluster: c, user: u}}]\n"
      "users: [{name: u, user: {token: t}}]\n"
      "clusters: [{name: c, cluster: {server: '",
      server, "'}}]\n");
  const auto addresses = http::NewAddressPolicy(allowed, "the setting");
  EXPECT_TRUE(addresses.ok()) << addresses.status();
  const auto client = ConnectByKubeconfig(spec, *addresses, &clock);
  EXPECT_TRUE(client.ok()) << client.status();
  return client->kube->GetRaw("/version").status();
}

TEST(ConnectByKubeconfigTest, InwardAddressesAreRefusedHoweverTheyAreWritten) {
  for (const char* server :
       {"https://127.0.0.1:1", "https://localhost:1", "https://[::1]:1",
        "https://169.254.169.254", "https://[::ffff:169.254.169.254]",
        "https://[64:ff9b::a9fe:a9fe]", "https://0.0.0.0:1",
        "https://2130706433:1"}) {
    const absl::Status status = Call(server, {});
    EXPECT_EQ(base::FailureCauseOf(status), "BlockedAddress")
        << server << ": " << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr("the setting"));
  }
}

TEST(ConnectByKubeconfigTest, WhatTheOperatorAllowsIsConnectedTo) {
  for (const char* allowed : {"127.0.0.1", "127.0.0.0/8"}) {
    const absl::Status status = Call("https://127.0.0.1:1", {allowed});
    EXPECT_EQ(base::FailureCauseOf(status), "Connect") << status;
  }
}

}  // namespace
}  // namespace landwaiter::run
