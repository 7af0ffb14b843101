// A registry that is reached through a traffic forwarder in another network
// namespace, set up by the very commands that the operator generates.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "absl/time/clock.h"
#include "agent/registry/catalog.h"
#include "agent/registry/transport/authorization.h"
#include "core/base/strings.h"
#include "operator/jobs/forwarder_commands.h"
#include "tests/registries/agent_run.h"
#include "tests/registries/distribution_server.h"
#include "tests/registries/network_row.h"
#include "tests/registries/push.h"

namespace landwaiter::test {
namespace {

using agent::registry::Connection;
using agent::registry::Registry;
using ::testing::HasSubstr;

constexpr char kDomain[] = "registry.corp.example";
constexpr uint16_t kPort = 18443;  // the forwarder's

bool entered = false;

class ForwarderTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (MissingTool({"docker-registry", "iptables", "nsenter", "ip"}).empty()) {
      entered = NetworkRow::Enter();
    }
  }
  void SetUp() override {
    if (!entered) {
      GTEST_SKIP() << "needs docker-registry, iptables, and the right to make "
                      "network namespaces (root)";
    }
    row_ = std::make_unique<NetworkRow>();
    row_->NameRegistry(kDomain);
    server_ = std::make_unique<DistributionServer>(DistributionOptions{
        .program = "docker-registry",
        .htpasswd = true,
        .certificate =
            ca_.Issue({.subject_alt_names = {base::StrCat("DNS:", kDomain)}}),
        .address = NetworkRow::kRegistry,
        .prefix = row_->InRegistry()});
  }

  // The lines for a Linux with iptables, of what status shows for a registry
  // at kDomain and `port`.
  static std::string Commands(int port) {
    api::ImageRegistry registry;
    registry.host = base::StrCat(kDomain, ":", port);
    registry.url = base::StrCat("https://", registry.host);
    registry.connect_ip = NetworkRow::kForwarder;
    registry.connect_port = kPort;
    std::string script;
    bool wanted = false;
    for (const std::string& line : jobs::ForwarderCommands(registry)) {
      if (line.starts_with("#")) {
        wanted = base::Contains(line, "with iptables");
      } else if (wanted) {
        base::StrAppend(&script, line, "\n");
      }
    }
    return script;
  }
  void Forward(int port) {
    const std::string script = Commands(port);
    ASSERT_THAT(script, HasSubstr("DNAT"));
    row_->RunInForwarder(script);
  }

  // As a Job has it for an ImageRegistry with a connect.ip.
  Connection Forwarded(const std::string& domain = kDomain) {
    Connection connection;
    connection.http.base = server_->url();
    connection.http.base.host = domain;
    connection.http.connect_ip = NetworkRow::kForwarder;
    connection.http.connect_port = kPort;
    connection.http.connect_timeout = absl::Seconds(5);
    connection.http.tls.ca_pem = ca_.CertificatePem();
    connection.credentials = {kUser, kPassword};
    return connection;
  }
  std::unique_ptr<Registry> Open(const Connection& connection) {
    auto registry = agent::registry::NewRegistry("OCI", connection, clock_);
    EXPECT_TRUE(registry.ok()) << registry.status();
    return *std::move(registry);
  }
  Pusher NewPusher() {
    return Pusher(Forwarded().http, [](const std::string&) {
      return agent::registry::BasicHeaders({kUser, kPassword});
    });
  }
  std::string Verify(const Connection& connection) {
    return CodeOf(Open(connection)->Verify().status());
  }

  base::RealClock clock_;
  const TestCa ca_;
  std::unique_ptr<NetworkRow> row_;
  std::unique_ptr<DistributionServer> server_;
};

TEST_F(ForwarderTest, TheOperatorsCommandsLeadToTheRegistry) {
  // Nothing listens there yet.
  EXPECT_EQ(Verify(Forwarded()), "NetworkConnectError/Connect");
  Forward(server_->url().port);
  EXPECT_EQ(Verify(Forwarded()), "ok");
  Connection wrong = Forwarded();
  wrong.credentials.password = "wrong";
  EXPECT_EQ(Verify(wrong), "FailedToVerifyUsernameOrPwd");

  const RegistryContent content = PushableContent();
  NewPusher().Push(content);
  ExpectSyncAndScan(*Open(Forwarded()), clock_, content);

  // The registry saw its own name, and the forwarder's address.
  const std::string log = server_->Log();
  EXPECT_THAT(log, HasSubstr(base::StrCat("\"http.request.host\":\"", kDomain,
                                          ":", server_->url().port, "\"")));
  EXPECT_THAT(log, HasSubstr(base::StrCat("\"http.request.remoteaddr\":\"",
                                          NetworkRow::kForwarderFar, ":")));
}

TEST_F(ForwarderTest, ThereIsNoOtherWayToTheRegistry) {
  Forward(server_->url().port);
  Connection direct = Forwarded();
  direct.http.connect_ip = NetworkRow::kRegistry;
  direct.http.connect_port = 0;
  EXPECT_EQ(Verify(direct), "NetworkConnectError/Connect");
}

TEST_F(ForwarderTest, TheCertificateMustNameTheRegistryNotTheForwarder) {
  Forward(server_->url().port);
  EXPECT_EQ(Verify(Forwarded("other.corp.example")), "NetworkConnectError/Tls");
  EXPECT_EQ(Verify(Forwarded(NetworkRow::kForwarder)),
            "NetworkConnectError/Tls");
  Connection unknown_ca = Forwarded();
  unknown_ca.http.tls.ca_pem = TestCa().CertificatePem();
  EXPECT_EQ(Verify(unknown_ca), "NetworkConnectError/Tls");
}

TEST_F(ForwarderTest, AForwarderThatIsMendedHeals) {
  Forward(server_->url().port);
  const auto registry = Open(Forwarded());
  EXPECT_EQ(CodeOf(registry->Verify().status()), "ok");
  row_->RunInForwarder("iptables -t nat -F; ip link set far0 down");
  EXPECT_EQ(Verify(Forwarded()), "NetworkConnectError/Connect");
  row_->RunInForwarder("ip link set far0 up");
  Forward(server_->url().port);
  EXPECT_EQ(CodeOf(registry->Verify().status()), "ok");
}

TEST_F(ForwarderTest, ABlobThatAnOutageBrokeOffGoesOnWhereItBroke) {
  Forward(server_->url().port);
  // More than what is on its way in buffers.
  std::string bytes(16 << 20, '\0');
  for (size_t i = 0; i < bytes.size(); i += 4096) {
    bytes.replace(i, 8, std::to_string(10'000'000 + i).substr(0, 8));
  }
  NewPusher().PushBlob("library/app", bytes);
  Connection impatient = Forwarded();
  impatient.http.idle_timeout = absl::Seconds(1);
  const auto registry = Open(impatient);
  std::string got;
  bool out = false;
  std::thread mender;
  const absl::Status status = registry->FetchBlob(
      "library/app", {.digest = model::Digest::Of(bytes), .size = bytes.size()},
      [&](std::string_view data) {
        got.append(data);
        if (out) return absl::OkStatus();
        out = true;
        row_->RunInForwarder("ip link set far0 down");
        mender = std::thread([this] {
          absl::SleepFor(absl::Seconds(2));
          row_->RunInForwarder("ip link set far0 up");
        });
        return absl::OkStatus();
      });
  if (mender.joinable()) mender.join();
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_TRUE(got == bytes);
  EXPECT_THAT(server_->Log(), HasSubstr("\"http.response.status\":206"));
}

// A server that shows a stranger's certificate to whoever names it otherwise.
TEST_F(ForwarderTest, TlsIsToldTheRegistrysName) {
  if (!MissingTool({"openssl"}).empty()) GTEST_SKIP() << "needs openssl";
  const testing::TempDir directory;
  const auto file = [&](const std::string& name, const std::string& bytes) {
    testing::WriteFile(directory.path() + "/" + name, bytes);
    return directory.path() + "/" + name;
  };
  const CertificateAndKey right =
      ca_.Issue({.subject_alt_names = {base::StrCat("DNS:", kDomain)}});
  const CertificateAndKey other =
      ca_.Issue({.subject_alt_names = {"DNS:other.example"}});
  std::vector<std::string> command = row_->InRegistry();
  command.insert(
      command.end(),
      {FindTool("openssl"), "s_server", "-accept", "8443", "-www", "-cert",
       file("other", other.certificate), "-key", file("other-key", other.key),
       "-cert2", file("right", right.certificate), "-key2",
       file("right-key", right.key), "-servername", kDomain});
  auto server = Process::Start(command, directory.path() + "/log");
  ASSERT_TRUE(server.ok()) << server.status();
  Forward(8443);
  Connection connection = Forwarded();
  connection.http.base.port = 8443;
  // It answers with a page of its own, once TLS stands.
  std::string outcome;
  const absl::Time end = absl::Now() + absl::Seconds(20);
  do {
    outcome = Verify(connection);
  } while (outcome == "NetworkConnectError/Connect" && absl::Now() < end);
  EXPECT_EQ(outcome, "NetworkConnectError/Protocol");
  connection.http.base.host = "unnamed.example";
  EXPECT_EQ(Verify(connection), "NetworkConnectError/Tls");
  server->Kill();
}

}  // namespace
}  // namespace landwaiter::test
