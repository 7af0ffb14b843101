#include <unistd.h>

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "operator/kube/cluster_test/control_plane.h"
#include "operator/kube/cluster_test/widgets.h"
#include "operator/kube/contract_server.h"

namespace landwaiter::kube {
namespace {

// One control plane for all tests of the program.
class Environment : public testing::Environment {
 public:
  void SetUp() override {
    if (!ControlPlane::CanStart()) return;
    auto plane = ControlPlane::Start();
    ASSERT_TRUE(plane.ok()) << plane.status();
    plane_ = *std::move(plane);
    client_ = plane_->NewClient();
    ASSERT_TRUE(InstallWidgets(*client_).ok());
  }
  void TearDown() override {
    client_ = nullptr;
    plane_ = nullptr;
  }
  KubeClient* client() { return client_.get(); }

 private:
  std::unique_ptr<ControlPlane> plane_;
  std::unique_ptr<HttpKubeClient> client_;
};

Environment* const kEnvironment = static_cast<Environment*>(
    testing::AddGlobalTestEnvironment(new Environment));

}  // namespace

KubeClient* ContractServer() { return kEnvironment->client(); }

}  // namespace landwaiter::kube
