// The whole program, threads and all, on a real API server without an analyzer.
#include "operator/run/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <thread>

#include "absl/strings/escaping.h"
#include "core/base/strings.h"
#include "core/http/client.h"
#include "operator/api/conditions.h"
#include "operator/api/names.h"
#include "operator/api/schema_test/yaml_documents.h"
#include "operator/kube/cluster_test/control_plane.h"
#include "tests/support/process.h"

namespace landwaiter::run {
namespace {

using kube::Json;

constexpr absl::Duration kPatience = absl::Seconds(60);

bool Eventually(const std::function<bool()>& condition) {
  const absl::Time end = absl::Now() + kPatience;
  while (absl::Now() < end) {
    if (condition()) return true;
    absl::SleepFor(absl::Milliseconds(50));
  }
  return false;
}

class ProgramTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!kube::ControlPlane::CanStart()) {
      GTEST_SKIP() << "./dev setup has not built the cluster's programs";
    }
    auto plane = kube::ControlPlane::Start();
    ASSERT_TRUE(plane.ok()) << plane.status();
    plane_ = *std::move(plane);
    client_ = plane_->NewClient();
    for (const Json& crd : api::ReadYamlDirectory("../../deploy/crds")) {
      ASSERT_TRUE(client_->Create(kube::kCustomResourceDefinitions, crd).ok());
    }
    for (const char* ns : {"landwaiter", "scans"}) {
      ASSERT_TRUE(
          client_
              ->Create(kube::kNamespaces, {{"apiVersion", "v1"},
                                           {"kind", "Namespace"},
                                           {"metadata", {{"name", ns}}}})
              .ok());
    }
    WriteKubeconfig();
    page_port_ = test::FreePort();
    Start();
  }
  void TearDown() override {
    if (program_.joinable()) Stop();
  }

  void WriteKubeconfig() {
    const kube::ClusterConfig config = plane_->Config();
    std::ofstream file(Kubeconfig());
    file << "apiVersion: v1\nkind: Config\ncurrent-context: x\n"
         << "contexts: [{name: x, context: {cluster: c, user: u}}]\n"
         << "users: [{name: u, user: {token: " << *config.token->Token()
         << "}}]\n"
         << "clusters: [{name: c, cluster: {server: 'https://127.0.0.1:"
         << plane_->api_port() << "', certificate-authority-data: "
         << absl::Base64Escape(config.tls.ca_pem) << "}}]\n";
  }
  std::string Kubeconfig() const {
    return plane_->directory() + "/operator.kubeconfig";
  }

  void Start() {
    auto config = config::ParseOperatorConfig(
        base::StrCat("{logLevel: error, namespace: landwaiter, kubeconfig: ",
                     Kubeconfig(), ", listen: '127.0.0.1:", page_port_,
                     "', scanPods: {image: 'agent:1', namespaces: [scans]},",
                     " analyzer: {address: '127.0.0.1:1', serverName: a}}"),
        "test", "");
    ASSERT_TRUE(config.ok()) << config.status();
    clock_ = std::make_unique<base::RealClock>();
    program_ = std::thread(
        [this, config = *config] { result_ = RunOperator(config, *clock_); });
  }
  void Stop() {
    clock_->Interrupt();
    program_.join();
  }

  std::string Page(const std::string& path) {
    const auto url =
        http::Url::Parse(base::StrCat("http://127.0.0.1:", page_port_, "/"));
    const auto client = http::NewClient({.base = *url});
    const auto response = (*client)->Send({.method = "GET", .target = path});
    return response.ok() && response->status == 200 ? response->body : "";
  }

  // Calls of the API server that are neither watches nor the Lease's.
  double Requests() {
    double sum = 0;
    const std::string page = Page("/metrics");
    for (const std::string_view line : base::Split(page, '\n')) {
      if (!line.starts_with("rest_client_requests_total{") ||
          base::Contains(line, "WATCH")) {
        continue;
      }
      const auto parts = base::SplitOnce(line, '}');
      sum += std::stod(std::string(base::Strip(parts->second)));
    }
    return sum;
  }

  void Create(const kube::ResourceType& type, const std::string& name,
              const std::string& spec) {
    const Json object = {
        {"apiVersion", type.ApiVersion()},
        {"kind", std::string(type.kind)},
        {"metadata", {{"name", name}, {"namespace", "landwaiter"}}},
        {"spec", Json::parse(spec)}};
    ASSERT_TRUE(Eventually([&] { return client_->Create(type, object).ok(); }));
  }
  bool HasReason(const kube::ResourceType& type, const std::string& name,
                 const std::string& condition, const std::string& reason) {
    return Eventually([&] {
      const auto object = client_->Get(type, {"landwaiter", name});
      return object.ok() &&
             api::ReasonOfCondition(*object, condition) == reason;
    });
  }

  std::unique_ptr<kube::ControlPlane> plane_;
  std::unique_ptr<kube::HttpKubeClient> client_;
  std::unique_ptr<base::RealClock> clock_;
  std::thread program_;
  absl::Status result_ = absl::UnknownError("still running");
  int page_port_ = 0;
};

TEST_F(ProgramTest, LeadsIsIdleAndLeavesCleanly) {
  Create(api::kRepositoryClusters, "local",
         R"({"connection": {"type": "Local"}})");
  EXPECT_TRUE(HasReason(api::kRepositoryClusters, "local", "Ready", "Running"));
  EXPECT_EQ(Page("/readyz"), "ok\n");
  for (const char* secret : {"landwaiter-ca", "landwaiter-analyzer-tls",
                             "landwaiter-operator-tls"}) {
    EXPECT_TRUE(client_->Get(kube::kSecrets, {"landwaiter", secret}).ok());
  }

  absl::SleepFor(absl::Seconds(3));  // the last event is sent
  const double before = Requests();
  EXPECT_GT(before, 0);
  absl::SleepFor(absl::Seconds(10));
  EXPECT_EQ(Requests(), before);

  Stop();
  EXPECT_TRUE(result_.ok()) << result_;
  const auto lease =
      client_->Get(kube::kLeases, {"landwaiter", "landwaiter-operator"});
  ASSERT_TRUE(lease.ok());
  EXPECT_EQ(kube::StringAt(*lease, {"spec", "holderIdentity"}), "");
}

TEST_F(ProgramTest, WhatPointsNowhereHealsAndSurvivesARestart) {
  Create(api::kImageRegistries, "harbor",
         R"({"type": "OCI", "endpoint": {"url": "https://harbor.example"},
             "credentialsSecretRef": {"name": "account"},
             "clusterRef": {"name": "local"}})");
  EXPECT_TRUE(
      HasReason(api::kImageRegistries, "harbor", "Stalled", "ClusterNotFound"));
  Create(api::kRepositoryClusters, "local",
         R"({"connection": {"type": "Local"}})");
  EXPECT_TRUE(
      HasReason(api::kImageRegistries, "harbor", "Stalled", "SecretNotFound"));
  Stop();
  ASSERT_TRUE(
      client_
          ->Create(
              kube::kSecrets,
              {{"apiVersion", "v1"},
               {"kind", "Secret"},
               {"metadata", {{"name", "account"}, {"namespace", "landwaiter"}}},
               {"stringData", {{"username", "me"}, {"password", "secret"}}}})
          .ok());
  Start();
  EXPECT_TRUE(
      HasReason(api::kImageRegistries, "harbor", "Reconciling", "Verifying"));
  // The Job and its Secret, and only then the start.
  EXPECT_TRUE(Eventually([&] {
    const auto jobs = client_->List(kube::kJobs, "scans", {});
    return jobs.ok() && jobs->items.size() == 1 &&
           !jobs->items[0]["spec"].value("suspend", false);
  }));
  const auto secrets = client_->List(kube::kSecrets, "scans", {});
  ASSERT_TRUE(secrets.ok());
  EXPECT_EQ(secrets->items.size(), 1u);
}

}  // namespace
}  // namespace landwaiter::run
