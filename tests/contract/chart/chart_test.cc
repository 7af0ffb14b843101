// What the chart's objects must be, whatever the values.
#include "tests/contract/chart/chart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <map>
#include <set>

namespace landwaiter::chart {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using Objects = std::vector<YAML::Node>;

class ChartTest : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (!HaveHelm()) GTEST_SKIP() << "helm is not on the PATH";
  }
};
std::string NameOfValues(const ::testing::TestParamInfo<std::string>& info) {
  return std::array{"Default", "Most", "Least"}.at(info.index);
}
INSTANTIATE_TEST_SUITE_P(Values, ChartTest, ::testing::ValuesIn(ManyValues()),
                         NameOfValues);

// Pods and the pod templates of workloads, by their names.
std::map<std::string, YAML::Node> Pods(const Objects& objects) {
  std::map<std::string, YAML::Node> pods;
  for (const YAML::Node& object : objects) {
    const YAML::Node spec = object["spec"];
    if (object["kind"].as<std::string>() == "Pod") {
      pods.emplace(NameOf(object), spec);
    }
    if (!spec || !spec["template"]) continue;
    pods.emplace(NameOf(object), spec["template"]["spec"]);
  }
  return pods;
}

std::vector<std::string> Texts(const YAML::Node& list) {
  return list ? list.as<std::vector<std::string>>()
              : std::vector<std::string>();
}

// Kubernetes's Pod Security Standards, profile "restricted"; and beyond it
// that nothing is written to the image.
TEST_P(ChartTest, PodsKeepToTheRestrictedProfile) {
  const auto pods = Pods(Render(GetParam()));
  EXPECT_GE(pods.size(), 4u);  // operator, analyzer, removal, test
  for (const auto& [name, pod] : pods) {
    SCOPED_TRACE(name);
    for (const char* host : {"hostNetwork", "hostPID", "hostIPC"}) {
      EXPECT_FALSE(pod[host]);
    }
    const YAML::Node security = pod["securityContext"];
    EXPECT_TRUE(security["runAsNonRoot"].as<bool>(false));
    EXPECT_NE(security["runAsUser"].as<int>(0), 0);
    EXPECT_EQ(security["seccompProfile"]["type"].as<std::string>(),
              "RuntimeDefault");
    for (const YAML::Node& volume : pod["volumes"]) {
      EXPECT_FALSE(volume["hostPath"]);
    }
    EXPECT_FALSE(pod["initContainers"]);
    for (const YAML::Node& container : pod["containers"]) {
      const YAML::Node own = container["securityContext"];
      EXPECT_FALSE(own["allowPrivilegeEscalation"].as<bool>(true));
      EXPECT_TRUE(own["readOnlyRootFilesystem"].as<bool>(false));
      EXPECT_FALSE(own["privileged"]);
      EXPECT_THAT(Texts(own["capabilities"]["drop"]), ElementsAre("ALL"));
      EXPECT_FALSE(own["capabilities"]["add"]);
      for (const YAML::Node& port : container["ports"]) {
        EXPECT_FALSE(port["hostPort"]);
      }
      EXPECT_TRUE(container["resources"]["limits"]["memory"]);
    }
  }
}

TEST_P(ChartTest, TheAnalyzerHasNoAccount) {
  const auto pods = Pods(Render(GetParam()));
  const YAML::Node analyzer = pods.at("Deployment/landwaiter-analyzer");
  EXPECT_FALSE(analyzer["automountServiceAccountToken"].as<bool>(true));
}

// Each URL leads to a port of a Service that is there, over which a probe of
// the same pods goes, too.
TEST_P(ChartTest, HelmTestAsksAnalyzerAndOperator) {
  const Objects objects = Render(GetParam());
  std::set<std::string> services;
  for (const YAML::Node& service : OfKind(objects, "Service")) {
    for (const YAML::Node& port : service["spec"]["ports"]) {
      services.insert("http://" +
                      service["metadata"]["name"].as<std::string>() +
                      ".scanner.svc:" + port["port"].as<std::string>());
    }
  }
  const Objects pods = OfKind(objects, "Pod");
  ASSERT_EQ(pods.size(), 1u);
  EXPECT_EQ(
      pods[0]["metadata"]["annotations"]["helm.sh/hook"].as<std::string>(),
      "test");
  const YAML::Node spec = pods[0]["spec"];
  EXPECT_EQ(spec["restartPolicy"].as<std::string>(), "Never");
  EXPECT_FALSE(spec["automountServiceAccountToken"].as<bool>(true));
  std::set<std::string> asked;
  for (const std::string& url : Texts(spec["containers"][0]["args"])) {
    if (!url.starts_with("http://")) continue;
    const std::string origin = url.substr(0, url.rfind('/'));
    EXPECT_THAT(services, Contains(origin));
    asked.insert(origin);
  }
  EXPECT_EQ(asked.size(), 2u);
}

TEST_P(ChartTest, RolesHaveNoWildcardAndNoSecretsBeyondANamespace) {
  const Objects objects = Render(GetParam());
  for (const char* kind : {"Role", "ClusterRole"}) {
    const Objects roles = OfKind(objects, kind);
    EXPECT_FALSE(roles.empty());
    for (const YAML::Node& role : roles) {
      SCOPED_TRACE(NameOf(role));
      for (const YAML::Node& rule : role["rules"]) {
        for (const char* part : {"apiGroups", "resources", "verbs"}) {
          EXPECT_THAT(Texts(rule[part]), Not(Contains(HasSubstr("*"))));
        }
        EXPECT_THAT(
            Texts(rule["verbs"]),
            Not(Contains(::testing::AnyOf("bind", "escalate", "impersonate"))));
        if (std::string(kind) == "ClusterRole") {
          EXPECT_THAT(Texts(rule["resources"]), Not(Contains("secrets")));
          EXPECT_THAT(Texts(rule["verbs"]),
                      ::testing::Each(::testing::AnyOf("get", "list")));
        }
      }
    }
  }
}

TEST_P(ChartTest, EveryRoleIsBoundToAnAccountThatIsThere) {
  const Objects objects = Render(GetParam());
  std::set<std::string> names;
  for (const YAML::Node& object : objects) names.insert(NameOf(object));
  for (const char* kind : {"RoleBinding", "ClusterRoleBinding"}) {
    for (const YAML::Node& binding : OfKind(objects, kind)) {
      const YAML::Node role = binding["roleRef"];
      EXPECT_THAT(names, Contains(role["kind"].as<std::string>() + "/" +
                                  role["name"].as<std::string>()));
      const YAML::Node subject = binding["subjects"][0];
      EXPECT_THAT(names, Contains(subject["kind"].as<std::string>() + "/" +
                                  subject["name"].as<std::string>()));
      EXPECT_EQ(subject["namespace"].as<std::string>(), "scanner");
    }
  }
}

TEST(ChartFixedTest, LintFindsNothing) {
  if (!HaveHelm()) GTEST_SKIP() << "helm is not on the PATH";
  const Result lint = Helm("lint --strict " + Directory());
  EXPECT_EQ(lint.exit_status, 0) << lint.output;
  EXPECT_THAT(lint.output, Not(HasSubstr("[WARNING]")));
}

TEST(ChartFixedTest, ADigestDecidesTheImageEverywhere) {
  if (!HaveHelm()) GTEST_SKIP() << "helm is not on the PATH";
  const std::string digest = "sha256:" + std::string(64, 'a');
  const Objects objects =
      Render("operator: {image: {digest: \"" + digest +
             "\", tag: t}}\nanalyzer: {image: {digest: \"" + digest +
             "\"}}\nscanPods: {image: {digest: \"" + digest + "\"}}\n");
  for (const auto& [name, pod] : Pods(objects)) {
    EXPECT_THAT(pod["containers"][0]["image"].as<std::string>(),
                ::testing::EndsWith("@" + digest))
        << name;
  }
  for (const YAML::Node& map : OfKind(objects, "ConfigMap")) {
    if (NameOf(map) != "ConfigMap/landwaiter-operator") continue;
    EXPECT_THAT(map["data"]["operator.yaml"].as<std::string>(),
                HasSubstr("landwaiter/agent@" + digest));
  }
}

// Ports that a policy lets through to somewhere.
std::set<std::string> EgressPorts(const Objects& objects,
                                  const std::string& name) {
  std::set<std::string> ports;
  for (const YAML::Node& policy : OfKind(objects, "NetworkPolicy")) {
    if (policy["metadata"]["name"].as<std::string>() != name) continue;
    EXPECT_THAT(Texts(policy["spec"]["policyTypes"]), Contains("Egress"));
    for (const YAML::Node& rule : policy["spec"]["egress"]) {
      // A rule without ports lets everything through.
      if (!rule["ports"]) ports.insert("all");
      for (const YAML::Node& port : rule["ports"]) {
        ports.insert(port["port"].as<std::string>());
      }
    }
  }
  return ports;
}

TEST(ChartFixedTest, TheAnalyzerReachesFeedsAndNothingElse) {
  if (!HaveHelm()) GTEST_SKIP() << "helm is not on the PATH";
  EXPECT_THAT(EgressPorts(Render("{}"), "landwaiter-analyzer"),
              ElementsAre("53", "5353"));
  EXPECT_THAT(
      EgressPorts(Render("advisories: {sources: [\"https://a.example/x.zip\", "
                         "\"http://b.example:8080/y.zip\", /a/folder]}"),
                  "landwaiter-analyzer"),
      ElementsAre("443", "53", "5353", "8080"));
  EXPECT_THAT(EgressPorts(Render("networkPolicy: {apiServerPorts: [16443]}"),
                          "landwaiter-operator"),
              ElementsAre("16443", "53", "5353", "grpc"));
}

TEST(ChartFixedTest, DefinitionsFollowTheReleaseAndOutliveIt) {
  if (!HaveHelm()) GTEST_SKIP() << "helm is not on the PATH";
  std::set<std::string> rendered;
  for (const YAML::Node& crd :
       OfKind(Render("{}"), "CustomResourceDefinition")) {
    rendered.insert(crd["metadata"]["name"].as<std::string>());
    EXPECT_EQ(crd["metadata"]["annotations"]["helm.sh/resource-policy"]
                  .as<std::string>(),
              "keep");
  }
  std::set<std::string> sources;
  for (const auto& file :
       std::filesystem::directory_iterator(LANDWAITER_SOURCE "/deploy/crds")) {
    sources.insert(
        YAML::LoadFile(file.path())["metadata"]["name"].as<std::string>());
  }
  EXPECT_EQ(rendered, sources);
  // And Artifact Hub is told of each.
  const YAML::Node chart = YAML::LoadFile(Directory() + "/Chart.yaml");
  std::set<std::string> announced;
  for (const YAML::Node& crd : YAML::Load(
           chart["annotations"]["artifacthub.io/crds"].as<std::string>())) {
    announced.insert(crd["name"].as<std::string>());
  }
  EXPECT_EQ(announced, sources);
}

TEST(ChartFixedTest, ArtifactHubIsToldOfTheImagesThatAreInstalled) {
  if (!HaveHelm()) GTEST_SKIP() << "helm is not on the PATH";
  const YAML::Node chart = YAML::LoadFile(Directory() + "/Chart.yaml");
  std::set<std::string> announced;
  for (const YAML::Node& image : YAML::Load(
           chart["annotations"]["artifacthub.io/images"].as<std::string>())) {
    announced.insert(image["image"].as<std::string>());
  }
  const Objects objects = Render("{}");
  for (const auto& [name, pod] : Pods(objects)) {
    EXPECT_THAT(announced,
                Contains(pod["containers"][0]["image"].as<std::string>()));
  }
  EXPECT_EQ(announced.size(), 3u);
  for (const YAML::Node& map : OfKind(objects, "ConfigMap")) {
    if (NameOf(map) != "ConfigMap/landwaiter-operator") continue;
    const YAML::Node config =
        YAML::Load(map["data"]["operator.yaml"].as<std::string>());
    EXPECT_THAT(announced,
                Contains(config["scanPods"]["image"].as<std::string>()));
  }
}

}  // namespace
}  // namespace landwaiter::chart
