#include "tests/contract/chart/chart.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>

#include "tests/support/files.h"

namespace landwaiter::chart {
std::string Directory() { return LANDWAITER_SOURCE "/charts/landwaiter"; }

bool HaveHelm() { return testing::HaveTool("helm"); }

Result Helm(const std::string& arguments) {
  const testing::TempDir directory;
  const std::string output = directory.path() + "/output";
  const std::string errors = directory.path() + "/errors";
  const int status = std::system(
      ("helm " + arguments + " >" + output + " 2>" + errors).c_str());
  return {WEXITSTATUS(status), testing::ReadFile(output),
          testing::ReadFile(errors)};
}

Result RenderText(const std::string& values) {
  const testing::TempDir directory;
  const std::string file = directory.path() + "/values.yaml";
  testing::WriteFile(file, values);
  return Helm("template landwaiter " + Directory() +
              " --namespace scanner --kube-version 1.31.0 --values " + file);
}

std::vector<YAML::Node> Render(const std::string& values) {
  const Result result = RenderText(values);
  EXPECT_EQ(result.exit_status, 0) << values << "\n" << result.errors;
  std::vector<YAML::Node> objects;
  for (const YAML::Node& object : YAML::LoadAll(result.output)) {
    if (object.IsMap()) objects.push_back(object);
  }
  EXPECT_GT(objects.size(), 10u);
  return objects;
}

std::vector<YAML::Node> OfKind(const std::vector<YAML::Node>& objects,
                               const std::string& kind) {
  std::vector<YAML::Node> found;
  for (const YAML::Node& object : objects) {
    if (object["kind"].as<std::string>() == kind) found.push_back(object);
  }
  return found;
}

std::string NameOf(const YAML::Node& object) {
  return object["kind"].as<std::string>() + "/" +
         object["metadata"]["name"].as<std::string>();
}

const std::vector<std::string>& ManyValues() {
  static const auto* const values = new std::vector<std::string>{
      "{}",
      // Everything that adds objects or parts of them.
      R"(
imagePullSecrets: [{name: pull}]
operator: {replicas: 3, namespaces: [team-a, team-b], podLabels: {a: b},
  podAnnotations: {c: d}, nodeSelector: {e: f}, priorityClassName: high}
analyzer: {extraNames: [scan.example], service: {type: LoadBalancer,
  annotations: {g: h}}, tolerations: [{key: i}]}
advisories: {configMap: osv, sources: ["https://osv.example/all.zip"]}
scanPods: {namespaces: [pods-a, pods-b], priorityClasses: [low]}
serviceMonitor: {enabled: true}
)",
      // Everything that leaves something out.
      R"(
operator: {replicas: 1}
analyzer: {storage: {existingClaim: mine}}
certificates: {issue: false}
crds: {install: false}
networkPolicy: {enabled: false}
podDisruptionBudget: {enabled: false}
)"};
  return *values;
}

}  // namespace landwaiter::chart
