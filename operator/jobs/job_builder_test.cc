#include "operator/jobs/job_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "absl/strings/escaping.h"
#include "nlohmann/json.hpp"

namespace landwaiter::jobs {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

// Of the contract with the agent (docs/scan-job.md).
Json Example(const std::string& name) {
  std::ifstream file("../../tests/contract/scan_job/" + name);
  return Json::parse(file);
}

JobRequest Request() {
  JobRequest request;
  request.kind = JobKind::kScan;
  request.name = "scan-harbor-1234-0";
  request.ns = "landwaiter-scan";
  request.secret = "scan-harbor-1234-0-abc";
  request.component.image = "registry.example/agent@sha256:00";
  request.component.analyzer_address =
      "landwaiter-analyzer.landwaiter.svc:8443";
  request.component.analyzer_server_name = "landwaiter-analyzer.landwaiter.svc";
  api::ImageRegistry& registry = request.registry;
  registry.name = "harbor";
  registry.uid = "5b0c8a3e-0000-4000-8000-000000000001";
  registry.ns = "team-a";
  registry.type = "OCI";
  registry.version = "V2";
  registry.url = "https://harbor.example.com";
  registry.connect_ip = "10.0.0.7";
  registry.connect_port = 8443;
  registry.proxy_url = "http://proxy.example.com:3128";
  registry.no_proxy = "10.0.0.0/8,.svc";
  request.cluster.uid = "c1";
  request.cluster.pod_template = std::make_shared<const Json>(Json::object());
  return request;
}

std::string Repeated(const std::string& text, int times) {
  std::string repeated;
  for (int i = 0; i < times; ++i) repeated += text;
  return repeated;
}

std::string DecodedField(const Json& secret, const std::string& key) {
  std::string bytes;
  EXPECT_TRUE(
      absl::Base64Unescape(secret["data"][key].get<std::string>(), &bytes));
  return bytes;
}

Json PodSpecOf(const Json& job) { return job["spec"]["template"]["spec"]; }

TEST(JobConfigTest, IsWhatTheContractsExamplesSay) {
  EXPECT_EQ(JobConfig(Request()), Example("scan.json"));

  JobRequest verify = Request();
  verify.kind = JobKind::kVerify;
  verify.registry = {};
  verify.registry.name = "plain";
  verify.registry.uid = "5b0c8a3e-0000-4000-8000-000000000002";
  verify.registry.type = "OCI";
  verify.registry.url = "http://registry.example.com:5000";
  EXPECT_EQ(JobConfig(verify), Example("verify.json"));
}

TEST(JobConfigTest, EveryParameterOfACloudsRegistryIsPassedOn) {
  JobRequest request = Request();
  request.component.allowed_addresses = {"169.254.10.0/24"};
  api::ImageRegistry& registry = request.registry;
  registry.name = "acr";
  registry.uid = "5b0c8a3e-0000-4000-8000-000000000003";
  registry.type = "ACR";
  registry.version = "";
  registry.url = "https://acme-registry.cn-hangzhou.cr.aliyuncs.com";
  registry.region = "cn-hangzhou";
  registry.private_network = true;
  registry.edition = "Enterprise";
  registry.instance_id = "cri-0123456789abcdef";
  EXPECT_EQ(JobConfig(request), Example("scan_acr.json"));
  registry.type = "SWR";
  EXPECT_EQ(JobConfig(request)["registry"]["swr"]["instanceId"],
            "cri-0123456789abcdef");
  EXPECT_FALSE(JobConfig(request)["registry"].contains("acr"));
  registry.google_project = "acme-prod";
  EXPECT_EQ(JobConfig(request)["registry"]["google"]["project"], "acme-prod");
}

// A registry with tokens, from which the scan component itself is pulled.
JobRequest UploadedRequest() {
  JobRequest request = Request();
  request.kind = JobKind::kVerify;
  request.component.version = "0.1.0";
  request.component.config_digests = {"sha256:" + Repeated("ab", 32)};
  request.registry = {};
  request.registry.name = "quay";
  request.registry.uid = "5b0c8a3e-0000-4000-8000-000000000004";
  request.registry.type = "Quay";
  request.registry.url = "https://quay.example.com";
  request.registry.host = "quay.example.com";
  request.registry.tokens = {{"acme", "s", "k"}, {"infra", "s", "l"}};
  request.registry.component_path = "team";
  return request;
}

TEST(JobConfigTest, TokensAreFilesAndTheUploadedComponentIsDescribed) {
  EXPECT_EQ(JobConfig(UploadedRequest()), Example("verify_quay.json"));
}

TEST(UploadedJobTest, VerifyRunsTheTagScansTheDigestThatItFound) {
  JobRequest request = UploadedRequest();
  Json container = PodSpecOf(BuildJob(request))["containers"][0];
  EXPECT_EQ(container["image"], "quay.example.com/team/landwaiter-agent:0.1.0");
  EXPECT_EQ(container["imagePullPolicy"], "Always");

  request.kind = JobKind::kScan;
  request.component_digest = "sha256:" + Repeated("cd", 32);
  container = PodSpecOf(BuildJob(request))["containers"][0];
  EXPECT_EQ(container["image"], "quay.example.com/team/landwaiter-agent@" +
                                    request.component_digest);
  EXPECT_EQ(container["imagePullPolicy"], "IfNotPresent");
}

TEST(UploadedJobTest, PullSecretIsTheJobsAndForTheRegistryAlone) {
  JobRequest request = UploadedRequest();
  request.cluster.pod_template = std::make_shared<const Json>(
      Json::parse(R"({"imagePullSecrets": [{"name": "mine"}]})"));
  Json job = BuildJob(request);
  job["metadata"]["uid"] = "job-uid";
  const Json secret = BuildPullSecret(request, job, {{"token-0", "canary"}});
  EXPECT_EQ(secret["type"], "kubernetes.io/dockerconfigjson");
  EXPECT_EQ(secret["metadata"]["ownerReferences"][0]["uid"], "job-uid");
  EXPECT_EQ(PodSpecOf(job)["imagePullSecrets"],
            Json::array(
                {{{"name", "mine"}}, {{"name", secret["metadata"]["name"]}}}));
  const Json config = Json::parse(DecodedField(secret, ".dockerconfigjson"));
  EXPECT_EQ(config["auths"].size(), 1u);
  EXPECT_EQ(config["auths"]["quay.example.com"]["auth"],
            absl::Base64Escape("$oauthtoken:canary"));

  // The account's own name goes before a token.
  request.registry.credentials_secret = "account";
  const Json account = BuildPullSecret(
      request, job, {{"username", "me"}, {"password", "p\xff"}});
  EXPECT_EQ(
      Json::parse(DecodedField(
          account, ".dockerconfigjson"))["auths"]["quay.example.com"]["auth"],
      absl::Base64Escape("me:p\xff"));
}

TEST(UploadedJobTest, NoPullSecretWithoutNeed) {
  JobRequest anonymous = UploadedRequest();
  anonymous.registry.tokens.clear();
  EXPECT_TRUE(BuildPullSecret(anonymous, Json::object(), {}).is_null());
  EXPECT_FALSE(PodSpecOf(BuildJob(anonymous)).contains("imagePullSecrets"));
  JobRequest published = Request();
  published.registry.credentials_secret = "account";
  EXPECT_TRUE(BuildPullSecret(published, Json::object(), {}).is_null());
  EXPECT_EQ(PodSpecOf(BuildJob(published))["containers"][0]["image"],
            "registry.example/agent@sha256:00");
}

TEST(JobBuilderTest, JobIsCreatedSuspendedAndNeverRetriedByKubernetes) {
  const Json job = BuildJob(Request());
  EXPECT_EQ(job["spec"]["suspend"], true);
  EXPECT_EQ(job["spec"]["backoffLimit"], 0);
  EXPECT_TRUE(job["spec"].contains("activeDeadlineSeconds"));
  EXPECT_TRUE(job["spec"].contains("ttlSecondsAfterFinished"));
}

TEST(JobBuilderTest, PodIsRestricted) {
  const Json pod = PodSpecOf(BuildJob(Request()));
  EXPECT_EQ(pod["automountServiceAccountToken"], false);
  EXPECT_EQ(pod["securityContext"]["runAsUser"], 65532);
  EXPECT_EQ(pod["securityContext"]["seccompProfile"]["type"], "RuntimeDefault");
  const Json& container = pod["containers"][0];
  EXPECT_EQ(container["securityContext"]["readOnlyRootFilesystem"], true);
  EXPECT_EQ(container["securityContext"]["allowPrivilegeEscalation"], false);
  EXPECT_EQ(container["securityContext"]["capabilities"]["drop"],
            Json::array({"ALL"}));
  EXPECT_EQ(container["resources"]["limits"]["memory"], "128Mi");
  EXPECT_TRUE(pod["volumes"][1]["emptyDir"].contains("sizeLimit"));
}

TEST(JobBuilderTest, PodTemplateCannotLoosenSecurityNorTakeOurLabels) {
  JobRequest request = Request();
  request.cluster.pod_template = std::make_shared<const Json>(Json::parse(R"({
    "nodeSelector": {"disk": "fast"}, "priorityClassName": "low",
    "labels": {"landwaiter.dev/job": "other", "team": "a"},
    "securityContext": {"runAsUser": 0}, "hostNetwork": true,
    "resources": {"limits": {"memory": "1Gi"}}})"));
  const Json job = BuildJob(request);
  const Json pod = PodSpecOf(job);
  EXPECT_EQ(pod["nodeSelector"]["disk"], "fast");
  EXPECT_EQ(pod["priorityClassName"], "low");
  EXPECT_EQ(pod["securityContext"]["runAsUser"], 65532);
  EXPECT_FALSE(pod.contains("hostNetwork"));
  EXPECT_EQ(pod["containers"][0]["resources"]["limits"]["memory"], "1Gi");
  const Json& labels = job["spec"]["template"]["metadata"]["labels"];
  EXPECT_EQ(labels["landwaiter.dev/job"], "scan");
  EXPECT_EQ(labels["team"], "a");
}

TEST(JobBuilderTest, CredentialsAreOnlyInTheSecretThatTheJobOwns) {
  const JobRequest request = Request();
  Json job = BuildJob(request);
  job["metadata"]["uid"] = "job-uid";
  const Json secret = BuildSecret(request, job, {{"password", "canary"}});
  EXPECT_EQ(secret["data"]["password"], absl::Base64Escape("canary"));
  EXPECT_EQ(secret["metadata"]["ownerReferences"][0]["uid"], "job-uid");
  EXPECT_EQ(secret["metadata"]["name"], request.secret);
  EXPECT_EQ(PodSpecOf(job)["volumes"][0]["secret"]["secretName"],
            request.secret);
  EXPECT_THAT(job.dump(), Not(HasSubstr("canary")));
  EXPECT_FALSE(PodSpecOf(job)["containers"][0].contains("env"));
}

TEST(JobNameTest, IsAValidNameOfAtMost63Characters) {
  api::ImageRegistry registry;
  registry.name = std::string(200, 'a') + ".b";
  registry.uid = "u1";
  EXPECT_LE(JobName(JobKind::kVerify, registry, "01234567").size(), 63u);
  registry.name = "my.registry";
  EXPECT_THAT(JobName(JobKind::kScan, registry, "0"),
              testing::StartsWith("scan-my-registry-"));
  api::ImageRegistry other = registry;
  other.uid = "u2";
  EXPECT_NE(JobName(JobKind::kScan, registry, "0"),
            JobName(JobKind::kScan, other, "0"));
}

}  // namespace
}  // namespace landwaiter::jobs
