// The whole operator on one real API server, and a far one that it reaches by
// a kubeconfig, and through a connector.
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
#include "operator/connector/program.h"
#include "operator/kube/cluster_test/control_plane.h"
#include "operator/run/program.h"
#include "tests/support/process.h"

namespace landwaiter::run {
namespace {

using kube::Json;

bool Eventually(const std::function<bool()>& condition) {
  const absl::Time end = absl::Now() + absl::Seconds(90);
  while (absl::Now() < end) {
    if (condition()) return true;
    absl::SleepFor(absl::Milliseconds(50));
  }
  return false;
}

// What follows `flag` in a command, up to a space.
std::string Flag(const std::string& command, const std::string& flag) {
  const size_t at = command.find(flag);
  if (at == std::string::npos) return "";
  const size_t begin = at + flag.size();
  return command.substr(begin, command.find(' ', begin) - begin);
}

// Of a page of metrics, without watches.
double SumOf(std::string_view page,
             const std::function<bool(std::string_view)>& counts) {
  double sum = 0;
  for (const std::string_view line : base::Split(page, '\n')) {
    if (base::Contains(line, "WATCH") || !counts(line)) continue;
    const auto parts = base::SplitOnce(line, '}');
    if (parts) sum += std::stod(std::string(base::Strip(parts->second)));
  }
  return sum;
}

// One API server with the namespaces that are needed.
struct Plane {
  std::unique_ptr<kube::ControlPlane> plane;
  std::unique_ptr<kube::HttpKubeClient> client;

  void Start() {
    auto started = kube::ControlPlane::Start();
    ASSERT_TRUE(started.ok()) << started.status();
    plane = *std::move(started);
    client = plane->NewClient();
    for (const char* ns : {"landwaiter", "scans"}) {
      Create(kube::kNamespaces, {{"metadata", {{"name", ns}}}});
    }
  }
  void Create(const kube::ResourceType& type, const Json& object) {
    const auto created = client->Create(type, object);
    ASSERT_TRUE(created.ok()) << created.status();
  }
  std::string Kubeconfig() const {
    const kube::ClusterConfig config = plane->Config();
    return base::StrCat(
        "apiVersion: v1\nkind: Config\ncurrent-context: x\n"
        "contexts: [{name: x, context: {cluster: c, user: u}}]\n"
        "users: [{name: u, user: {token: ",
        *config.token->Token(), "}}]\nclusters: [{name: c, cluster: {server: ",
        "'https://127.0.0.1:", plane->api_port(),
        "', certificate-authority-data: ",
        absl::Base64Escape(config.tls.ca_pem), "}}]\n");
  }
  std::string Write(const std::string& name, const std::string& text) const {
    const std::string path = plane->directory() + "/" + name;
    std::ofstream(path) << text;
    return path;
  }
};

class TwoClustersTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!kube::ControlPlane::CanStart()) {
      GTEST_SKIP() << "./dev setup has not built the cluster's programs";
    }
    near_.Start();
    far_.Start();
    for (const Json& crd : api::ReadYamlDirectory("../../deploy/crds")) {
      near_.Create(kube::kCustomResourceDefinitions, crd);
    }
    // A definition is served a moment after it was created.
    for (const kube::ResourceType* type :
         {&api::kRepositoryClusters, &api::kImageRegistries}) {
      ASSERT_TRUE(Eventually([&] {
        return near_.client->List(*type, "landwaiter", {}).ok();
      })) << type->kind;
    }
    port_ = test::FreePort();
    page_port_ = test::FreePort();
    StartOperator();
  }
  void TearDown() override {
    StopConnector();
    StopOperator();
  }

  void StartOperator() {
    const std::string path = near_.Write("near.kubeconfig", near_.Kubeconfig());
    auto config = config::ParseOperatorConfig(
        base::StrCat(
            "{logLevel: error, namespace: landwaiter, kubeconfig: ", path,
            ", listen: '127.0.0.1:", page_port_,
            "', scanPods: {image: 'agent:1', namespaces: [scans]}, ",
            "clusters: {allowedAddresses: [127.0.0.1]}, connector: ",
            "{address: '127.0.0.1:", port_, "', listen: '127.0.0.1:", port_,
            "'}, analyzer: {address: '127.0.0.1:1', serverName: a}}"),
        "test", "");
    ASSERT_TRUE(config.ok()) << config.status();
    operator_clock_ = std::make_unique<base::RealClock>();
    operator_ = std::thread([this, config = *config] {
      (void)RunOperator(config, *operator_clock_);
    });
  }
  void StopOperator() {
    if (!operator_.joinable()) return;
    operator_clock_->Interrupt();
    operator_.join();
  }

  void StartConnector() {
    connector::ConnectorConfig config;
    config.cluster = uid_;
    config.address = base::StrCat("127.0.0.1:", port_);
    config.ns = "scans";
    config.scan_namespace = "scans";
    config.token_file = far_.Write("token", token_);
    config.ca_file = far_.Write("ca.crt", ca_);
    config.listen = base::StrCat("127.0.0.1:", test::FreePort());
    config.kubeconfig = far_.Write("far.kubeconfig", far_.Kubeconfig());
    connector_clock_ = std::make_unique<base::RealClock>();
    connector_ = std::thread([this, config] {
      const absl::Status status =
          connector::RunConnector(config, *connector_clock_);
      EXPECT_TRUE(status.ok()) << status;
    });
  }
  void StopConnector() {
    if (!connector_.joinable()) return;
    connector_clock_->Interrupt();
    connector_.join();
  }

  void CreateResource(const kube::ResourceType& type, const std::string& name,
                      const std::string& spec) {
    near_.Create(type,
                 {{"metadata", {{"name", name}, {"namespace", "landwaiter"}}},
                  {"spec", Json::parse(spec)}});
  }
  Json Status(const std::string& cluster) {
    const auto object =
        near_.client->Get(api::kRepositoryClusters, {"landwaiter", cluster});
    return object.ok() && object->contains("status") ? (*object)["status"]
                                                     : Json::object();
  }
  bool Becomes(const std::string& cluster, const std::string& phase) {
    const bool so = Eventually(
        [&] { return kube::StringAt(Status(cluster), {"phase"}) == phase; });
    if (!so) ADD_FAILURE() << cluster << ": " << Status(cluster).dump(1);
    return so;
  }
  // The connector's cluster, and what its command says.
  void CreateConnectorCluster() {
    CreateResource(api::kRepositoryClusters, "hidden",
                   R"({"connection": {"type": "Connector"}})");
    std::string command;
    ASSERT_TRUE(Eventually([&] {
      command =
          kube::StringAt(Status("hidden"), {"connector", "installCommand"});
      return !command.empty();
    }));
    uid_ = Flag(command, "cluster.uid=");
    token_ = Flag(command, "enrolment.token=");
    ASSERT_TRUE(absl::Base64Unescape(Flag(command, "operator.ca="), &ca_));
    ASSERT_EQ(Flag(command, "--namespace "), "scans");
    far_.Create(kube::kSecrets,
                {{"metadata",
                  {{"name", "landwaiter-connector"}, {"namespace", "scans"}}}});
  }
  void CreateRegistry(const std::string& cluster) {
    near_.Create(
        kube::kSecrets,
        {{"metadata", {{"name", "account"}, {"namespace", "landwaiter"}}},
         {"stringData", {{"username", "me"}, {"password", "pw"}}}});
    CreateResource(api::kImageRegistries, "harbor",
                   base::StrCat(R"({"type": "OCI", "endpoint":
                       {"url": "https://harbor.example.com"},
                       "credentialsSecretRef": {"name": "account"},
                       "clusterRef": {"name": ")",
                                cluster, R"("}})"));
  }
  std::vector<Json> Far(const kube::ResourceType& type) {
    const auto page =
        far_.client->List(type, "scans",
                          {.label_selector = base::StrCat(
                               api::kManagedByLabel, "=", api::kManagedBy)});
    return page.ok() ? page->items : std::vector<Json>();
  }
  bool JobStarts() {
    return Eventually([&] {
      const std::vector<Json> jobs = Far(kube::kJobs);
      if (jobs.size() != 1 || jobs[0]["spec"].value("suspend", false)) {
        return false;
      }
      // No garbage collector runs here: Secrets of earlier Jobs stay.
      int own = 0;
      for (const Json& secret : Far(kube::kSecrets)) {
        const Json* owner = kube::Find(secret, {"metadata", "ownerReferences"});
        if (owner != nullptr && owner->is_array() && owner->size() == 1 &&
            (*owner)[0].value("uid", "") == kube::UidOf(jobs[0])) {
          ++own;
        }
      }
      return own == 1;
    });
  }

  // Calls of the near API server by the operator but watches and the Lease's,
  // as it counts them; -1 if it does not answer.
  double NearRequests() const {
    const auto url =
        http::Url::Parse(base::StrCat("http://127.0.0.1:", page_port_, "/"));
    const auto client = http::NewClient({.base = *url});
    const auto page = (*client)->Send({.target = "/metrics"});
    if (!page.ok() || page->status != 200) return -1;
    return SumOf(page->body, [](std::string_view line) {
      return line.starts_with("rest_client_requests_total{");
    });
  }
  // Calls of the far one about what the operator has there, but watches, as
  // that server counts them; -1 if it does not answer.
  double FarRequests() {
    const auto page = far_.client->GetRaw("/metrics");
    if (!page.ok()) return -1;
    return SumOf(*page, [](std::string_view line) {
      if (!line.starts_with("apiserver_request_total{")) return false;
      for (const char* resource : {"jobs", "pods", "secrets", "networkpolicies",
                                   "selfsubjectaccessreviews", "nodes"}) {
        if (base::Contains(line, base::StrCat("resource=\"", resource, "\""))) {
          return true;
        }
      }
      return false;
    });
  }

  Plane near_;
  Plane far_;
  uint16_t port_ = 0;
  uint16_t page_port_ = 0;
  std::string uid_;
  std::string token_;
  std::string ca_;
  std::unique_ptr<base::RealClock> operator_clock_;
  std::unique_ptr<base::RealClock> connector_clock_;
  std::thread operator_;
  std::thread connector_;
};

TEST_F(TwoClustersTest, AKubeconfigLeadsToJobsThereAndSurvivesAbsence) {
  near_.Create(kube::kSecrets,
               {{"metadata", {{"name", "far"}, {"namespace", "landwaiter"}}},
                {"stringData", {{"kubeconfig", far_.Kubeconfig()}}}});
  CreateResource(api::kRepositoryClusters, "far",
                 R"({"connection": {"type": "Kubeconfig", "kubeconfig":
                     {"secretRef": {"name": "far"}}}})");
  ASSERT_TRUE(Becomes("far", "Running"));
  CreateRegistry("far");
  EXPECT_TRUE(JobStarts());
  EXPECT_EQ(Far(kube::kNetworkPolicies).size(), 1u);
  far_.plane->KillApiServer();
  EXPECT_TRUE(Becomes("far", "NotReady"));
  ASSERT_TRUE(far_.plane->StartApiServer().ok());
  EXPECT_TRUE(Becomes("far", "Running"));
  ASSERT_TRUE(
      near_.client->Delete(api::kRepositoryClusters, {"landwaiter", "far"}, {})
          .ok());
  EXPECT_TRUE(Eventually([&] {
    return Far(kube::kJobs).empty() && Far(kube::kNetworkPolicies).empty() &&
           Status("far").empty();
  }));
}

TEST_F(TwoClustersTest, IdleItSendsNothingButWatchesAndItsLease) {
  CreateResource(api::kRepositoryClusters, "local",
                 R"({"connection": {"type": "Local"}})");
  near_.Create(kube::kSecrets,
               {{"metadata", {{"name", "far"}, {"namespace", "landwaiter"}}},
                {"stringData", {{"kubeconfig", far_.Kubeconfig()}}}});
  CreateResource(api::kRepositoryClusters, "far",
                 R"({"connection": {"type": "Kubeconfig", "kubeconfig":
                     {"secretRef": {"name": "far"}}}})");
  ASSERT_TRUE(Becomes("local", "Running"));
  ASSERT_TRUE(Becomes("far", "Running"));
  // Both wait for a Job that nobody runs.
  CreateRegistry("far");
  EXPECT_TRUE(JobStarts());
  CreateResource(api::kRegistryAccounts, "cloud",
                 R"({"provider": "AlibabaCloud", "regions": ["cn-hangzhou"],
                     "credentialsSecretRef": {"name": "account"},
                     "template": {"clusterRef": {"name": "local"}}})");
  EXPECT_TRUE(Eventually([&] {
    const auto jobs = near_.client->List(kube::kJobs, "scans", {});
    return jobs.ok() && jobs->items.size() == 1 &&
           !jobs->items[0]["spec"].value("suspend", false);
  }));
  absl::SleepFor(absl::Seconds(12));  // the last event and status are written
  const double near = NearRequests();
  const double far = FarRequests();
  EXPECT_GT(near, 0);
  EXPECT_GT(far, 0);
  absl::SleepFor(absl::Seconds(20));
  EXPECT_EQ(NearRequests(), near);
  EXPECT_EQ(FarRequests(), far);
}

TEST_F(TwoClustersTest, AConnectorIsEnoughAndBothItsEndsMayDie) {
  CreateConnectorCluster();
  EXPECT_TRUE(Becomes("hidden", "NotReady"));
  StartConnector();
  ASSERT_TRUE(Becomes("hidden", "Running"));
  const Json status = Status("hidden");
  EXPECT_TRUE(status["connector"]["enrolled"].get<bool>());
  EXPECT_FALSE(status["connector"].contains("installCommand"));
  EXPECT_FALSE(kube::StringAt(status, {"kubernetesVersion"}).empty());
  CreateRegistry("hidden");
  EXPECT_TRUE(JobStarts());
  // The connector goes and comes, with the certificate that it has kept.
  StopConnector();
  EXPECT_TRUE(Becomes("hidden", "NotReady"));
  StartConnector();
  EXPECT_TRUE(Becomes("hidden", "Running"));
  // So does the operator.
  StopOperator();
  StartOperator();
  EXPECT_TRUE(JobStarts());
  ASSERT_TRUE(
      near_.client->Delete(api::kImageRegistries, {"landwaiter", "harbor"}, {})
          .ok());
  EXPECT_TRUE(Eventually([&] {
    const std::vector<Json> jobs = Far(kube::kJobs);
    return jobs.empty() || kube::IsBeingDeleted(jobs[0]);
  }));
  EXPECT_TRUE(Becomes("hidden", "Running"));
  // Another that has learned the token is too late.
  StopConnector();
  EXPECT_TRUE(Becomes("hidden", "NotReady"));
  Json secret =
      *far_.client->Get(kube::kSecrets, {"scans", "landwaiter-connector"});
  secret["data"] = Json::object();
  ASSERT_TRUE(far_.client->Update(kube::kSecrets, secret).ok());
  StartConnector();
  absl::SleepFor(absl::Seconds(3));
  EXPECT_EQ(kube::StringAt(Status("hidden"), {"phase"}), "NotReady");
}

}  // namespace
}  // namespace landwaiter::run
