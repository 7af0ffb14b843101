// Leases, events, identity and validation against a real API server.
#include <atomic>
#include <memory>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "operator/kube/cluster_test/control_plane.h"
#include "operator/kube/cluster_test/follower.h"
#include "operator/kube/cluster_test/tcp_proxy.h"
#include "operator/kube/cluster_test/widgets.h"
#include "operator/kube/contract_server.h"
#include "operator/kube/event_recorder.h"
#include "operator/kube/leader_runner.h"

namespace landwaiter::kube {
namespace {

using testing::HasSubstr;

class ControlClusterTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!ControlPlane::CanStart()) return;
    auto plane = ControlPlane::Start();
    ASSERT_TRUE(plane.ok()) << plane.status();
    plane_ = plane->release();
    auto client = plane_->NewClient();
    ASSERT_TRUE(InstallWidgets(*client).ok());
  }
  static void TearDownTestSuite() { delete plane_; }

  void SetUp() override {
    if (plane_ == nullptr) {
      GTEST_SKIP() << "the cluster's programs are not built: ./dev setup";
    }
    client_ = plane_->NewClient();
    ns_ = NewNamespace(*client_);
  }

  static ControlPlane* plane_;
  base::RealClock clock_;
  std::unique_ptr<HttpKubeClient> client_;
  std::string ns_;
};

ControlPlane* ControlClusterTest::plane_ = nullptr;

TEST_F(ControlClusterTest, SecondOfTwoLeadsWhenTheFirstIsCutOff) {
  TcpProxy proxy(plane_->api_port());
  const HttpKubeOptions options{.request_timeout = absl::Milliseconds(400),
                                .retries = 0};
  auto through = NewHttpKubeClient(plane_->ConfigThrough(proxy.port()), options,
                                   &clock_, 1);
  ASSERT_TRUE(through.ok());
  auto straight = plane_->NewClient(options);
  auto timings = [&](std::string identity) {
    return LeaderElectionOptions{.lease = {ns_, "leader"},
                                 .identity = std::move(identity),
                                 .lease_duration = absl::Seconds(3),
                                 .renew_deadline = absl::Seconds(2),
                                 .retry_period = absl::Milliseconds(300)};
  };
  LeaderElector a(through->get(), timings("a"));
  LeaderElector b(straight.get(), timings("b"));
  std::atomic<int> leading = 0;
  std::atomic<bool> both = false;
  std::atomic<bool> a_led = false;
  std::atomic<bool> b_led = false;
  auto started = [&](std::atomic<bool>& led) {
    if (++leading > 1) both = true;
    led = true;
  };
  LeaderRunner first(&a, &clock_,
                     {[&] { started(a_led); }, [&] { --leading; }});
  ASSERT_TRUE(Eventually([&] { return a_led.load(); }));
  LeaderRunner second(&b, &clock_,
                      {[&] { started(b_led); }, [&] { --leading; }});
  absl::SleepFor(absl::Seconds(4));
  EXPECT_FALSE(b_led);
  proxy.Close();
  EXPECT_TRUE(Eventually([&] { return b_led.load(); }));
  auto lease = client_->Get(kLeases, {ns_, "leader"});
  ASSERT_TRUE(lease.ok());
  EXPECT_EQ(StringAt(*lease, {"spec", "holderIdentity"}), "b");
  EXPECT_EQ((*lease)["spec"]["leaseTransitions"], 1);
  second.Stop();
  EXPECT_FALSE(both);
  lease = client_->Get(kLeases, {ns_, "leader"});
  ASSERT_TRUE(lease.ok());
  EXPECT_EQ(StringAt(*lease, {"spec", "holderIdentity"}), "");
}

TEST_F(ControlClusterTest, EventsAndTheirSeriesAreAccepted) {
  base::FakeClock clock(absl::Now());
  QueuedEventRecorder recorder(
      client_.get(), &clock,
      {.controller = "landwaiter.dev/operator", .instance = "pod-1"});
  auto widget = client_->Create(
      kWidgets, {{"metadata", {{"name", "w"}, {"namespace", ns_}}}});
  ASSERT_TRUE(widget.ok()) << widget.status();
  auto record = [&] {
    recorder.Event(*widget, EventType::kWarning, "Odd", "Look",
                   "the widget is odd");
  };
  record();
  recorder.Flush();
  record();
  clock.Advance(absl::Minutes(1));
  EXPECT_EQ(recorder.Flush(), absl::InfiniteFuture());
  EXPECT_EQ(recorder.dropped(), 0);
  // As `kubectl describe` reads them.
  constexpr ResourceType kCoreEvents{"", "v1", "events", "Event"};
  auto events = client_->List(kCoreEvents, ns_,
                              {.field_selector = "involvedObject.name=w"});
  ASSERT_TRUE(events.ok()) << events.status();
  ASSERT_EQ(events->items.size(), 1u);
  const Json& event = events->items[0];
  EXPECT_EQ(event["reason"], "Odd");
  EXPECT_EQ(event["message"], "the widget is odd");
  EXPECT_EQ(event["involvedObject"]["uid"], UidOf(*widget));
  EXPECT_EQ(event["series"]["count"], 2);
}

TEST_F(ControlClusterTest, InvalidObjectsAreRefusedByField) {
  absl::Status status =
      client_
          ->Create(kWidgets, {{"metadata", {{"name", "w"}, {"namespace", ns_}}},
                              {"spec", {{"size", 5000}}}})
          .status();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("spec.size"));
  status =
      client_
          ->Create(kConfigMaps,
                   {{"metadata", {{"name", "Not_A_Name"}, {"namespace", ns_}}}})
          .status();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("metadata.name"));
  EXPECT_TRUE(absl::IsNotFound(
      client_
          ->Create(kConfigMaps,
                   {{"metadata", {{"name", "a"}, {"namespace", "nowhere"}}}})
          .status()));
}

TEST_F(ControlClusterTest, KubeconfigWithAClientCertificateIsSomeoneElse) {
  const test::CertificateAndKey alice = plane_->IssueClient("alice");
  const std::string yaml = absl::StrCat(
      "apiVersion: v1\nkind: Config\ncurrent-context: x\n"
      "contexts: [{name: x, context: {cluster: c, user: u}}]\n"
      "clusters: [{name: c, cluster: {server: 'https://127.0.0.1:",
      plane_->api_port(), "', certificate-authority-data: '",
      absl::Base64Escape(plane_->Config().tls.ca_pem), "'}}]\n",
      "users: [{name: u, user: {client-certificate-data: '",
      absl::Base64Escape(alice.certificate), "', client-key-data: '",
      absl::Base64Escape(alice.key), "'}}]\n");
  auto config = ParseKubeconfig(yaml, {}, &clock_);
  ASSERT_TRUE(config.ok()) << config.status();
  auto client = NewHttpKubeClient(*config, {}, &clock_, 1);
  ASSERT_TRUE(client.ok()) << client.status();
  absl::Status status = (*client)->Get(kSecrets, {ns_, "s"}).status();
  EXPECT_TRUE(absl::IsPermissionDenied(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("\"alice\""));
  auto may = MayI(**client, "get", kSecrets, ns_);
  ASSERT_TRUE(may.ok()) << may.status();
  EXPECT_FALSE(*may);
}

TEST_F(ControlClusterTest, ServerOfAnotherAuthorityIsRefused) {
  ClusterConfig config = plane_->Config();
  config.tls.ca_pem = test::TestCa("another").CertificatePem();
  auto client = NewHttpKubeClient(
      config, {.request_timeout = absl::Seconds(2), .retries = 0}, &clock_, 1);
  ASSERT_TRUE(client.ok());
  absl::Status status = (*client)->GetRaw("/version").status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("certificate"));
}

}  // namespace
}  // namespace landwaiter::kube
