// Informers against a real API server: cut off, compacted, restarted, full.
#include <atomic>
#include <fstream>
#include <memory>
#include <random>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "operator/kube/cluster_test/control_plane.h"
#include "operator/kube/cluster_test/follower.h"
#include "operator/kube/cluster_test/tcp_proxy.h"
#include "operator/kube/cluster_test/widgets.h"
#include "operator/kube/contract_server.h"

namespace landwaiter::kube {
namespace {

// Tests write faster than an operator should.
HttpKubeOptions Fast() {
  return {.requests_per_second = 10'000, .burst = 10'000};
}

class InformerClusterTest : public testing::Test {
 protected:
  void Start(std::vector<std::string> arguments = {}) {
    auto plane = ControlPlane::Start(std::move(arguments));
    ASSERT_TRUE(plane.ok()) << plane.status();
    plane_ = *std::move(plane);
    writer_ = plane_->NewClient(Fast());
    ns_ = NewNamespace(*writer_);
    ASSERT_FALSE(ns_.empty());
    proxy_ = std::make_unique<TcpProxy>(plane_->api_port());
    reader_ = Connect(plane_->ConfigThrough(proxy_->port()));
  }
  void SetUp() override {
    if (!ControlPlane::CanStart()) {
      GTEST_SKIP() << "the cluster's programs are not built: ./dev setup";
    }
  }

  std::unique_ptr<HttpKubeClient> Connect(const ClusterConfig& config) {
    auto client = NewHttpKubeClient(config, Fast(), &clock_, 1);
    return client.ok() ? *std::move(client) : nullptr;
  }
  std::unique_ptr<Follower> Follow(int64_t page_size = 500) {
    return std::make_unique<Follower>(
        reader_.get(), &clock_,
        Reflector::Options{
            .type = kConfigMaps, .ns = ns_, .page_size = page_size});
  }

  Json Map(const std::string& name, int64_t value) {
    return {{"metadata", {{"name", name}, {"namespace", ns_}}},
            {"data", {{"value", absl::StrCat(value)}}}};
  }
  void Write(const std::string& name, int64_t value) {
    auto result = Apply(*writer_, kConfigMaps, Map(name, value), "test");
    ASSERT_TRUE(result.ok()) << result.status();
  }
  void Delete(const std::string& name) {
    absl::Status status = writer_->Delete(kConfigMaps, {ns_, name}, {});
    ASSERT_TRUE(status.ok() || absl::IsNotFound(status)) << status;
  }
  // Creates, changes and deletes at random among `names` names.
  void WriteAtRandom(int count, uint64_t names) {
    for (int i = 0; i < count; ++i) {
      const std::string name = absl::StrCat("m", random_() % names);
      if (random_() % 3 == 0) {
        Delete(name);
      } else {
        Write(name, static_cast<int64_t>(random_() % 1000));
      }
    }
  }
  void ExpectConverged(const Follower& follower) {
    EXPECT_TRUE(Eventually([&] { return follower.Equals(*writer_); }));
    EXPECT_TRUE(follower.consistent());
  }

  base::RealClock clock_;
  std::mt19937_64 random_{7};
  std::unique_ptr<ControlPlane> plane_;
  std::unique_ptr<HttpKubeClient> writer_;  // straight
  std::unique_ptr<TcpProxy> proxy_;
  std::unique_ptr<HttpKubeClient> reader_;  // through the proxy
  std::string ns_;
};

TEST_F(InformerClusterTest, CutConnectionsLoseNothingAndDoubleNothing) {
  Start();
  WriteAtRandom(20, 10);
  auto follower = Follow();
  ASSERT_TRUE(Eventually([&] { return follower->HasSynced(); }));
  for (int cut = 0; cut < 4; ++cut) {
    WriteAtRandom(20, 10);
    proxy_->Cut();
    WriteAtRandom(20, 10);
  }
  ExpectConverged(*follower);
  // Another cut, and the server out of reach while it changes.
  proxy_->Close();
  WriteAtRandom(30, 10);
  proxy_->Open();
  ExpectConverged(*follower);
}

TEST_F(InformerClusterTest, CompactionForcesARelistThatNoticesDeletions) {
  // Without its cache the server answers a watch from etcd's own history.
  Start({"--watch-cache=false"});
  for (int i = 0; i < 10; ++i) Write(absl::StrCat("m", i), i);
  auto follower = Follow(/*page_size=*/3);
  ASSERT_TRUE(Eventually([&] { return follower->Equals(*writer_); }));
  proxy_->Close();
  Delete("m3");
  Write("m4", 40);
  Write("m10", 10);
  auto last = writer_->Get(kConfigMaps, {ns_, "m10"});
  ASSERT_TRUE(last.ok());
  absl::Status compacted = plane_->Compact(ResourceVersionOf(*last));
  ASSERT_TRUE(compacted.ok()) << compacted;
  proxy_->Open();
  ExpectConverged(*follower);
  EXPECT_EQ(follower->added(), 11);
  EXPECT_EQ(follower->updated(), 1);
  EXPECT_EQ(follower->deleted(), 1);
}

TEST_F(InformerClusterTest, KilledApiServerIsFollowedWhenItIsBack) {
  Start();
  WriteAtRandom(30, 15);
  auto follower = Follow();
  auto other = std::make_unique<Follower>(
      reader_.get(), &clock_, Reflector::Options{.type = kNamespaces});
  ASSERT_TRUE(Eventually(
      [&] { return follower->Equals(*writer_) && other->HasSynced(); }));
  plane_->KillApiServer();
  absl::SleepFor(absl::Seconds(1));
  absl::Status started = plane_->StartApiServer();
  ASSERT_TRUE(started.ok()) << started;
  WriteAtRandom(30, 15);
  ExpectConverged(*follower);
  ExpectConverged(*other);

  // Once more, out of reach until the server's cache begins after what we
  // have seen: 410.
  proxy_->Close();
  WriteAtRandom(30, 15);
  plane_->KillApiServer();
  ASSERT_TRUE(plane_->StartApiServer().ok());
  WriteAtRandom(5, 15);
  proxy_->Open();
  ExpectConverged(*follower);
}

TEST_F(InformerClusterTest, FiveThousandObjectsAreFollowed) {
  Start();
  constexpr int kObjects = 5000;
  std::atomic<int> failures = 0;
  {
    std::vector<std::jthread> writers;
    for (int w = 0; w < 4; ++w) {
      writers.emplace_back([&, w] {
        for (int i = w; i < kObjects; i += 4) {
          Json map = Map(absl::StrCat("m", i), i);
          if (!writer_->Create(kConfigMaps, map).ok()) ++failures;
        }
      });
    }
  }
  ASSERT_EQ(failures, 0);
  auto follower = Follow();
  ASSERT_TRUE(Eventually([&] { return follower->HasSynced(); }));
  EXPECT_EQ(follower->store().size(), static_cast<size_t>(kObjects));
  for (int i = 0; i < 200; ++i) Write(absl::StrCat("m", i), -i - 1);
  ExpectConverged(*follower);
  EXPECT_EQ(follower->added(), kObjects);
  EXPECT_EQ(follower->updated(), 200);
}

TEST_F(InformerClusterTest, IdleInformerSendsNothing) {
  Start();
  Write("a", 1);
  auto follower = Follow();
  ASSERT_TRUE(Eventually([&] { return follower->Equals(*writer_); }));
  absl::SleepFor(absl::Seconds(2));  // the watch is open by now
  const int64_t sent = proxy_->bytes_sent();
  const int64_t connections = proxy_->connections();
  absl::SleepFor(absl::Seconds(10));
  EXPECT_EQ(proxy_->bytes_sent(), sent);
  EXPECT_EQ(proxy_->connections(), connections);
  // And it is awake.
  Write("a", 2);
  ExpectConverged(*follower);
}

TEST_F(InformerClusterTest, StopEndsAnOpenWatchAtOnce) {
  Start();
  auto follower = Follow();
  ASSERT_TRUE(Eventually([&] { return follower->HasSynced(); }));
  absl::SleepFor(absl::Seconds(1));
  const absl::Time start = absl::Now();
  follower = nullptr;
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
}

TEST_F(InformerClusterTest, StopAtAnyMomentIsSoon) {
  Start();
  Write("a", 1);
  for (int i = 0; i < 40; ++i) {
    auto follower = Follow();
    absl::SleepFor(absl::Milliseconds(i));
    const absl::Time start = absl::Now();
    follower = nullptr;
    ASSERT_LT(absl::Now() - start, absl::Seconds(5)) << i;
  }
}

TEST_F(InformerClusterTest, RotatedTokenIsPickedUp) {
  Start();
  const std::string path = plane_->directory() + "/token";
  std::ofstream(path) << "admin-token";
  ClusterConfig config = plane_->ConfigThrough(proxy_->port());
  config.token = std::make_shared<FileToken>(path, &clock_);
  reader_ = Connect(config);
  auto follower = Follow();
  ASSERT_TRUE(Eventually([&] { return follower->HasSynced(); }));

  // The server knows only the next token from now on.
  plane_->KillApiServer();
  plane_->SetToken("next-token");
  ASSERT_TRUE(plane_->StartApiServer().ok());
  EXPECT_TRUE(
      absl::IsUnauthenticated(reader_->Get(kConfigMaps, {ns_, "a"}).status()));
  writer_ = plane_->NewClient(Fast());
  Write("a", 1);
  std::ofstream(path, std::ios::trunc) << "next-token\n";
  EXPECT_TRUE(reader_->Get(kConfigMaps, {ns_, "a"}).ok());
  ExpectConverged(*follower);
}

}  // namespace
}  // namespace landwaiter::kube
