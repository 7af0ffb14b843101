// The schemas in deploy/crds on a real API server: it takes them, it takes the
// samples, and it refuses what is wrong with a message that names the field.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "operator/api/names.h"
#include "operator/api/schema_test/yaml_documents.h"
#include "operator/kube/cluster_test/control_plane.h"

namespace landwaiter::api {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;

constexpr char kNamespace[] = "default";

class ApiServerTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!kube::ControlPlane::CanStart()) return;
    auto started = kube::ControlPlane::Start();
    ASSERT_TRUE(started.ok()) << started.status();
    plane_ = started->release();
    client_ = plane_->NewClient().release();
    for (const Json& crd : ReadYamlDirectory("../../../deploy/crds")) {
      const auto created =
          client_->Create(kube::kCustomResourceDefinitions, crd);
      ASSERT_TRUE(created.ok()) << created.status();
      AwaitEstablished(crd);
    }
  }
  static void TearDownTestSuite() {
    delete client_;
    delete plane_;
    client_ = nullptr;
    plane_ = nullptr;
  }
  void SetUp() override {
    if (client_ == nullptr) {
      GTEST_SKIP() << "./dev setup has not built the cluster's programs";
    }
  }

  static void AwaitEstablished(const Json& crd) {
    const kube::ResourceType type = TypeOf(crd["spec"]["names"]["kind"]);
    for (int i = 0; i < 200; ++i) {
      if (client_->List(type, kNamespace, {}).ok()) return;
      absl::SleepFor(absl::Milliseconds(50));
    }
    FAIL() << "the API server does not serve " << type.plural;
  }

  static kube::ResourceType TypeOf(const std::string& kind) {
    for (const kube::ResourceType& type :
         {kRepositoryClusters, kImageRegistries, kRegistryAccounts,
          kScanPolicies, kScanTasks, kRiskExceptions, kScanQuotas,
          kAdvisoryDatabases, kube::kSecrets}) {
      if (type.kind == kind) return type;
    }
    ADD_FAILURE() << kind;
    return {};
  }

  static Json Object(const std::string& kind, const std::string& name,
                     const std::string& spec) {
    return {{"apiVersion", std::string(kApiVersion)},
            {"kind", kind},
            {"metadata", {{"name", name}, {"namespace", kNamespace}}},
            {"spec", Json::parse(spec)}};
  }

  // What the API server says to it; empty if it takes it.
  static std::string Refusal(const std::string& kind, const std::string& name,
                             const std::string& spec) {
    const auto created =
        client_->Create(TypeOf(kind), Object(kind, name, spec));
    return std::string(created.status().message());
  }
  static std::string RefusedChange(const std::string& kind,
                                   const std::string& name,
                                   const std::string& patch) {
    const auto patched = client_->Patch(TypeOf(kind), {kNamespace, name},
                                        Json::parse(patch), {});
    return std::string(patched.status().message());
  }

  static kube::ControlPlane* plane_;
  static kube::HttpKubeClient* client_;
};

kube::ControlPlane* ApiServerTest::plane_ = nullptr;
kube::HttpKubeClient* ApiServerTest::client_ = nullptr;

TEST_F(ApiServerTest, SamplesAreTaken) {
  for (Json sample : ReadYamlDirectory("../../../deploy/samples")) {
    sample["metadata"]["namespace"] = kNamespace;
    const auto created = client_->Create(TypeOf(sample["kind"]), sample);
    EXPECT_TRUE(created.ok()) << created.status() << "\n" << sample.dump(2);
  }
}

TEST_F(ApiServerTest, DefaultsAreFilledIn) {
  const auto created = client_->Create(
      kImageRegistries,
      Object("ImageRegistry", "defaults",
             R"({"type": "OCI", "endpoint": {"url": "https://a.example"},
                 "clusterRef": {"name": "c"}})"));
  ASSERT_TRUE(created.ok()) << created.status();
  EXPECT_EQ((*created)["spec"]["imagesPerHour"], 10);
  EXPECT_EQ((*created)["spec"]["sync"]["interval"], "1h");
  EXPECT_EQ((*created)["spec"]["scanComponent"]["source"], "Published");
}

TEST_F(ApiServerTest, WrongResourcesAreRefusedNamingTheField) {
  const std::string kRest =
      R"("clusterRef": {"name": "c"}, "endpoint": {"url": "https://a.example"})";
  const struct {
    const char* kind;
    const char* name;
    std::string spec;
    const char* field;
  } kCases[] = {
      {"RepositoryCluster", "x", R"({})", "spec.connection"},
      {"RepositoryCluster", "x", R"({"connection": {"type": "Remote"}})",
       "spec.connection.type"},
      {"RepositoryCluster", "x", R"({"connection": {"type": "Kubeconfig"}})",
       "kubeconfig: needed for type Kubeconfig"},
      {"RepositoryCluster", "x",
       R"({"connection": {"type": "Local", "kubeconfig":
           {"secretRef": {"name": "a"}}}})",
       "kubeconfig: needed for type Kubeconfig"},
      {"RepositoryCluster", "x",
       R"({"connection": {"type": "Local"}, "maxPods": 0})", "spec.maxPods"},
      {"RepositoryCluster", "x",
       R"({"connection": {"type": "Local"}, "podTemplate":
           {"labels": {"landwaiter.dev/job": "x"}}})",
       "are the operator's own"},
      {"ImageRegistry", "x", R"({"type": "Docker", )" + kRest + "}",
       "spec.type"},
      {"ImageRegistry", "x", R"({"type": "OCI", "clusterRef": {"name": "c"}})",
       "spec.endpoint"},
      {"ImageRegistry", "x",
       R"({"type": "OCI", "endpoint": {"url": "https://a.example"}})",
       "spec.clusterRef"},
      {"ImageRegistry", "x",
       R"({"type": "OCI", "clusterRef": {"name": "c"}, "endpoint": {}})",
       "exactly one of url and domain"},
      {"ImageRegistry", "x",
       R"({"type": "OCI", "clusterRef": {"name": "c"}, "endpoint":
           {"url": "https://a", "domain": "a"}})",
       "exactly one of url and domain"},
      {"ImageRegistry", "x",
       R"({"type": "OCI", "clusterRef": {"name": "c"}, "endpoint":
           {"url": "https://user:pass@a.example"}})",
       "spec.endpoint.url"},
      {"ImageRegistry", "x",
       R"({"type": "OCI", "clusterRef": {"name": "c"}, "endpoint":
           {"url": "ftp://a.example"}})",
       "spec.endpoint.url"},
      {"ImageRegistry", "x",
       R"({"type": "OCI", "clusterRef": {"name": "c"}, "endpoint":
           {"domain": "a.example", "port": 70000}})",
       "spec.endpoint.port"},
      {"ImageRegistry", "x",
       R"({"type": "OCI", "quay": {"organizations": [
           {"name": "o", "tokenSecretRef": {"name": "s", "key": "k"}}]}, )" +
           kRest + "}",
       "quay: only for type Quay"},
      {"ImageRegistry", "x", R"({"type": "ACR", )" + kRest + "}",
       "acr: needed for type ACR"},
      {"ImageRegistry", "x",
       R"({"type": "ACR", "acr": {"edition": "Enterprise"}, )" + kRest + "}",
       "instanceId: needed for edition Enterprise"},
      {"ImageRegistry", "x",
       R"({"type": "SWR", "swr": {"edition": "Enterprise"}, )" + kRest + "}",
       "instanceId: needed for edition Enterprise"},
      {"ImageRegistry", "x",
       R"({"type": "OCI", "google": {"project": "acme"}, )" + kRest + "}",
       "google: only for type Google"},
      {"ImageRegistry", "x", R"({"type": "Google", )" + kRest + "}",
       "credentialsSecretRef: needed"},
      {"ImageRegistry", "x",
       R"({"type": "GitLab", "version": "V2", )" + kRest + "}",
       "a GitLab is always V1"},
      {"ImageRegistry", "x",
       R"({"type": "OCI", "imagesPerHour": "Lots", )" + kRest + "}",
       "imagesPerHour: a number"},
      {"ImageRegistry", "x",
       R"({"type": "OCI", "imagesPerHour": 0, )" + kRest + "}",
       "imagesPerHour: a number"},
      {"ImageRegistry", "x",
       R"({"type": "OCI", "sync": {"interval": "10s"}, )" + kRest + "}",
       "interval: from 1m to 720h"},
      {"ImageRegistry", "x",
       R"({"type": "OCI", "sync": {"interval": "soon"}, )" + kRest + "}",
       "spec.sync.interval"},
      {"ImageRegistry", "x",
       R"({"type": "OCI", "tls": {"insecureSkipVerify":
           true, "caSecretRef": {"name": "a"}}, )" +
           kRest + "}",
       "insecureSkipVerify"},
      {"ImageRegistry", "x",
       R"({"type": "ACR", "acr": {"edition": "Personal", "instanceId": "cri-1"},
           "credentialsSecretRef": {"name": "a"}, )" +
           kRest + "}",
       "and only for it"},
      {"ImageRegistry", "x",
       R"({"type": "ACR", "acr": {"edition": "Personal"}, )" + kRest + "}",
       "credentialsSecretRef: needed"},
      {"ImageRegistry", "x",
       R"({"type": "OCI", "scanComponent": {"source": "Uploaded"}, )" + kRest +
           "}",
       "scanComponent.path: needed for source Uploaded"},
      {"ImageRegistry", "x",
       R"({"type": "Harbor", "scanComponent":
           {"source": "Uploaded", "path": "library"}, )" +
           kRest + "}",
       "for type Harbor use harbor.project"},
      {"ImageRegistry", "x",
       R"({"type": "OCI", "scanComponent": {"path": "library"}, )" + kRest +
           "}",
       "path: only for source Uploaded"},
      {"ImageRegistry", "x",
       R"({"type": "SWR", "scanComponent": {"source": "Uploaded"},
           "credentialsSecretRef": {"name": "a"}, )" +
           kRest + "}",
       "scanComponent.source: Uploaded is not for"},
      {"ImageRegistry", "x",
       R"({"type": "OCI", "clusterRef": {"name": "c"},
           "tls": {"caSecretRef": {"name": "a"}},
           "endpoint": {"url": "http://a.example"}})",
       "tls: only for an https endpoint"},
      {"RegistryAccount", "x",
       R"({"provider": "AWS", "regions": ["eu-central-1"],
           "credentialsSecretRef": {"name": "a"}})",
       "spec.template"},
      {"RegistryAccount", "x",
       R"({"provider": "AWS", "credentialsSecretRef": {"name": "a"},
           "template": {"clusterRef": {"name": "c"}}})",
       "spec.regions"},
      {"RegistryAccount", "x",
       R"({"provider": "AWS", "regions": ["eu/../x"],
           "credentialsSecretRef": {"name": "a"},
           "template": {"clusterRef": {"name": "c"}}})",
       "spec.regions"},
      {"ScanPolicy", "x", R"({"schedule": "often"})", "spec.schedule"},
      {"ScanPolicy", "x", R"({"timeZone": "UTC"})",
       "timeZone: only together with schedule"},
      {"ScanPolicy", "x", R"({"items": ["Viruses"]})", "spec.items"},
      {"ScanPolicy", "x", R"({"items": []})", "spec.items"},
      {"ScanPolicy", "x", R"({"timeout": "100h"})", "timeout: from 1m to 72h"},
      {"ScanPolicy", "x", R"({"parallelism": 1000})", "spec.parallelism"},
      {"ScanPolicy", "x",
       R"({"scope": {"registries": {"selector": {"matchExpressions":
           [{"key": "a", "operator": "In"}]}}}})",
       "values: needed for In and NotIn"},
      {"ScanTask", "x", R"({})", "spec.type"},
      {"ScanTask", "x", R"({"type": "Everything"})", "spec.type"},
      {"ScanTask", "x", R"({"type": "RuntimeScan"})",
       "runtime: needed for type RuntimeScan"},
      {"ScanTask", "x",
       R"({"type": "ImageScan", "policyRef": {"name": "a"},
           "images": ["a/b:c"]})",
       "at most one of policyRef, scope, images and retryOf"},
      {"ScanTask", "x", R"({"type": "ImageScan", "images": ["a b"]})",
       "spec.images"},
      {"RiskException", "x",
       R"({"category": "Malware", "scope": {"allRegistries": true}})",
       "at least one of ids, packages and paths"},
      {"RiskException", "x",
       R"({"category": "Malware", "ids": ["a"], "scope": {}})",
       "scope: either allRegistries"},
      {"RiskException", "x",
       R"({"category": "Malware", "ids": ["a"], "scope":
           {"allRegistries": true},
           "justification": "ComponentNotPresent"})",
       "justification: only with state NotAffected"},
      {"ScanQuota", "mine", R"({"images": 5})",
       "the quota of a namespace is named default"},
      {"ScanQuota", "default", R"({"images": -1})", "spec.images"},
      {"AdvisoryDatabase", "default", R"({"sources": []})", "spec.sources"},
      {"AdvisoryDatabase", "default", R"({"sources": [{"name": "a"}]})",
       "exactly one of url, configMapRef and oci"},
      {"AdvisoryDatabase", "mine",
       R"({"sources": [{"name": "a", "url": "https://a.example"}]})",
       "is named default"},
  };
  for (const auto& test : kCases) {
    EXPECT_THAT(Refusal(test.kind, test.name, test.spec), HasSubstr(test.field))
        << test.kind << " " << test.spec;
  }
}

TEST_F(ApiServerTest, WhatCannotBeChangedIsRefusedNamingTheField) {
  ASSERT_EQ(Refusal("ImageRegistry", "fixed",
                    R"({"type": "OCI", "clusterRef": {"name": "c"}, "endpoint":
                        {"domain": "a.example", "connect": {"port": 1}}})"),
            "");
  ASSERT_EQ(Refusal("ScanTask", "fixed",
                    R"({"type": "ImageScan", "images": ["a/b:c"]})"),
            "");
  ASSERT_EQ(Refusal("RepositoryCluster", "fixed",
                    R"({"connection": {"type": "Local"}})"),
            "");
  const struct {
    const char* kind;
    const char* patch;
    const char* message;
  } kCases[] = {
      {"ImageRegistry", R"({"spec": {"type": "Harbor"}})",
       "type cannot be changed"},
      {"ImageRegistry", R"({"spec": {"endpoint": {"domain": "b.example"}}})",
       "domain cannot be changed"},
      {"ImageRegistry",
       R"({"spec": {"endpoint": {"domain": null, "url": "https://a.example"}}})",
       "url cannot be changed"},
      {"ImageRegistry", R"({"spec": {"endpoint": {"port": 5000}}})",
       "port cannot be changed"},
      {"ScanTask", R"({"spec": {"type": "ImageSync"}})",
       "type cannot be changed"},
      {"ScanTask", R"({"spec": {"images": ["a/b:d"]}})",
       "images cannot be changed"},
      {"ScanTask", R"({"spec": {"images": null}})", "images cannot be changed"},
      {"ScanTask", R"({"spec": {"force": true}})", "force cannot be changed"},
      {"RepositoryCluster",
       R"({"spec": {"connection": {"type": "Connector"}}})",
       "type cannot be changed"},
  };
  for (const auto& test : kCases) {
    EXPECT_THAT(RefusedChange(test.kind, "fixed", test.patch),
                HasSubstr(test.message))
        << test.patch;
  }
  // These may change.
  EXPECT_EQ(RefusedChange("ImageRegistry", "fixed",
                          R"({"spec": {"endpoint": {"connect":
                              {"ip": "10.0.0.7", "port": 2}}}})"),
            "");
  EXPECT_EQ(RefusedChange("ScanTask", "fixed", R"({"spec": {"cancel": true}})"),
            "");
  EXPECT_THAT(
      RefusedChange("ScanTask", "fixed", R"({"spec": {"cancel": false}})"),
      HasSubstr("cancel cannot be taken back"));
}

}  // namespace
}  // namespace landwaiter::api
