// What an ImageRegistry's parameters do, through the whole operator.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "core/base/strings.h"
#include "operator/api/names.h"
#include "operator/manager/operator_world.h"

namespace landwaiter::manager {
namespace {

using kube::Json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr auto& kRegistry = api::kImageRegistries;

class RegistrySpecTest : public OperatorWorld, public testing::Test {
 protected:
  void SetUp() override {
    CreateSecret("account", "canary");
    CreateCluster();
  }
  // The registry "harbor", with more in its spec.
  void CreateWith(const std::string& spec) {
    Json whole = Json::parse(
        R"({"type": "OCI", "endpoint": {"url": "https://harbor.example.com"},
            "credentialsSecretRef": {"name": "account"},
            "clusterRef": {"name": "local"}})");
    whole.merge_patch(Json::parse(spec));
    Create(kRegistry, "harbor", whole.dump());
  }
  void EndVerify(const std::string& result) {
    ASSERT_THAT(Jobs("verify"), SizeIs(1));
    FinishJob(Jobs("verify")[0], result);
  }
  Json Status() { return Get(kRegistry, "harbor")["status"]; }
  std::string ReadyMessage() {
    const Json status = Status();
    for (const Json& condition : status["conditions"]) {
      if (condition["type"] == "Ready") return condition["message"];
    }
    return "";
  }
  // A file of the Secret that belongs to the only Job of this kind.
  std::string FileOf(const std::string& kind, const std::string& name) {
    const Json job = Jobs(kind).at(0);
    const std::string secret =
        job["spec"]["template"]["spec"]["volumes"][0]["secret"]["secretName"];
    std::string bytes;
    absl::Base64Unescape(
        kube::StringAt(*kube.Get(kube::kSecrets, {"scans", secret}),
                       {"data", name}),
        &bytes);
    return bytes;
  }
  // The verify Job's pod cannot pull its image.
  void FailPull(const std::string& message) {
    const Json job = Jobs("verify").at(0);
    Json pod = *kube.Create(
        kube::kPods,
        {{"metadata",
          {{"name", kube::NameOf(job) + "-pod"},
           {"namespace", "scans"},
           {"labels", job["spec"]["template"]["metadata"]["labels"]},
           {"ownerReferences",
            Json::array({{{"uid", kube::UidOf(job)},
                          {"kind", "Job"},
                          {"apiVersion", "batch/v1"},
                          {"name", kube::NameOf(job)}}})}}}});
    pod["status"] = {
        {"phase", "Pending"},
        {"containerStatuses",
         Json::array(
             {{{"state",
                {{"waiting",
                  {{"reason", "ErrImagePull"}, {"message", message}}}}}}})}};
    ASSERT_TRUE(kube.UpdateStatus(kube::kPods, pod).ok());
    Settle();
  }
};

TEST_F(RegistrySpecTest, ErrorHasTheSentenceTheDetailAndTheSolution) {
  CreateWith(R"({"network": "VPC"})");
  EndVerify(R"({"ok": false, "code": "NetworkConnectError", "cause": "Connect",
                "message": "harbor.example.com:443: connection refused"})");
  const Json error = Status()["error"];
  EXPECT_EQ(error["code"], "NetworkConnectError");
  EXPECT_EQ(error["cause"], "Connect");
  EXPECT_EQ(error["message"],
            "The network connection timed out. harbor.example.com:443: "
            "connection refused");
  EXPECT_THAT(error["solution"].get<std::string>(),
              HasSubstr("forwarding rule"));
  // Looked at again without news, it says the same.
  Advance(absl::Seconds(30));
  Change(kRegistry, "harbor", R"({"metadata": {"labels": {"a": "b"}}})");
  EXPECT_EQ(Status()["error"], error);
}

TEST_F(RegistrySpecTest, NoteOfTheVerificationIsShown) {
  CreateWith("{}");
  EndVerify(R"({"ok": true, "message": "the credentials were not checked"})");
  EXPECT_THAT(ReadyMessage(), HasSubstr("not checked"));
  Advance(absl::Minutes(1));
  Change(kRegistry, "harbor", R"({"metadata": {"labels": {"a": "b"}}})");
  EXPECT_THAT(ReadyMessage(), HasSubstr("not checked"));
}

TEST_F(RegistrySpecTest, ParametersReachTheScanPod) {
  settings.component.allowed_addresses = {"127.0.0.0/8"};
  Restart();
  CreateWith(R"({"network": "VPC", "region": "cn-hangzhou",
                 "endpoint": {"connect": {"ip": "10.0.0.7", "port": 8443}},
                 "proxy": {"url": "http://proxy:3128", "noProxy": ".svc"}})");
  const Json config = Json::parse(FileOf("verify", "job.json"));
  EXPECT_EQ(config["allowedAddresses"], Json::array({"127.0.0.0/8"}));
  EXPECT_EQ(config["registry"]["network"], "VPC");
  EXPECT_EQ(config["registry"]["region"], "cn-hangzhou");
  EXPECT_EQ(config["registry"]["connect"]["ip"], "10.0.0.7");
  EXPECT_EQ(config["registry"]["proxy"]["noProxy"], ".svc");
  EXPECT_EQ(Status()["region"], "cn-hangzhou");
}

TEST_F(RegistrySpecTest, TokensAreReadFromTheirSecretsAndWatched) {
  CreateWith(R"({"quay": {"organizations": [
      {"name": "acme", "tokenSecretRef": {"name": "tokens", "key": "acme"}},
      {"name": "infra", "tokenSecretRef": {"name": "tokens",
                                           "key": "infra"}}]}})");
  EXPECT_EQ(Condition(kRegistry, "harbor", "Stalled"), "True SecretNotFound");
  Json tokens =
      *kube.Create(kube::kSecrets,
                   {{"metadata", {{"name", "tokens"}, {"namespace", "team"}}},
                    {"data", {{"acme", absl::Base64Escape("first")}}}});
  Settle();
  EXPECT_EQ(Condition(kRegistry, "harbor", "Stalled"), "True SecretInvalid");
  EXPECT_THAT(ReadyMessage(), HasSubstr("infra"));
  tokens["data"]["infra"] = absl::Base64Escape("second");
  ASSERT_TRUE(kube.Update(kube::kSecrets, tokens).ok());
  Settle();
  EXPECT_EQ(FileOf("verify", "token-0"), "first");
  EXPECT_EQ(FileOf("verify", "token-1"), "second");
  EndVerify(R"({"ok": false, "code": "FailedToVerifyUsernameOrPwd"})");
  Advance(absl::Hours(24));
  EXPECT_THAT(Jobs("verify"), IsEmpty());  // never again by itself

  ASSERT_TRUE(kube.Patch(kube::kSecrets, {"team", "tokens"},
                         {{"data", {{"infra", absl::Base64Escape("third")}}}},
                         {})
                  .ok());
  Settle();
  EXPECT_EQ(FileOf("verify", "token-1"), "third");
}

TEST_F(RegistrySpecTest, ForwarderCommandsAreThereWhileItIs) {
  CreateWith(R"({"endpoint": {"connect": {"ip": "10.0.0.7", "port": 8443}}})");
  EXPECT_THAT(Status()["commands"]["forwarder"].dump(),
              HasSubstr("listenport=8443"));
  EXPECT_FALSE(Status()["commands"].contains("scanComponent"));
  Change(kRegistry, "harbor", R"({"spec": {"endpoint": {"connect": null}}})");
  Advance(absl::Seconds(11));  // no transition: written 10 s apart
  EXPECT_FALSE(Status().contains("commands"));
}

TEST_F(RegistrySpecTest, AcrPersonalSaysThatItIsNeverScanned) {
  CreateWith(R"({"type": "ACR", "acr": {"edition": "Personal"}})");
  EndVerify(R"({"ok": true})");
  EXPECT_EQ(Condition(kRegistry, "harbor", "Ready"), "True Verified");
  EXPECT_THAT(ReadyMessage(), HasSubstr("never scanned"));
}

TEST_F(RegistrySpecTest, ProgressOfTheListingIsShown) {
  CreateWith("{}");
  EndVerify(R"({"ok": true})");
  const std::string task = kube::NameOf(Tasks().at(0));
  Advance(absl::Seconds(11));
  EXPECT_EQ(Status()["sync"]["task"], task);
  model::TaskStatus running;
  running.phase = model::TaskPhase::kRunning;
  running.log = {{clock.Now(), "Listed 40 of 100 repositories."}};
  SetTask(task, running);
  Advance(absl::Seconds(11));
  EXPECT_EQ(Status()["sync"]["phase"], "Running");
  EXPECT_EQ(Status()["sync"]["message"], "Listed 40 of 100 repositories.");
}

class UploadedTest : public RegistrySpecTest {
 protected:
  void SetUp() override {
    settings.component.version = "0.1.0";
    settings.component.config_digests = {"sha256:" + std::string(64, 'a')};
    Restart();
    RegistrySpecTest::SetUp();
    CreateWith(R"({"scanComponent": {"source": "Uploaded", "path": "tools"}})");
  }
  static Json PodSpec(const Json& job) {
    return job["spec"]["template"]["spec"];
  }
};

TEST_F(UploadedTest, ScanPodsRunTheDigestThatWasChecked) {
  const Json verify = Jobs("verify").at(0);
  EXPECT_EQ(PodSpec(verify)["containers"][0]["image"],
            "harbor.example.com/tools/landwaiter-agent:0.1.0");
  const Json config = Json::parse(FileOf("verify", "job.json"));
  EXPECT_EQ(config["component"]["repository"], "tools/landwaiter-agent");
  EXPECT_EQ(config["component"]["configDigests"].size(), 1u);

  const std::string digest = "sha256:" + std::string(64, 'd');
  EndVerify(base::StrCat(R"({"ok": true, "component": {"manifestDigest": ")",
                         digest, R"("}})"));
  EXPECT_EQ(Condition(kRegistry, "harbor", "ScanComponentAvailable"),
            "True Pulled");
  SetWork(5, 0);
  EXPECT_EQ(PodSpec(Jobs("scan").at(0))["containers"][0]["image"],
            "harbor.example.com/tools/landwaiter-agent@" + digest);
}

TEST_F(UploadedTest, PullSecretIsMadeFromTheAccountAndOwnedByTheJob) {
  const Json job = Jobs("verify").at(0);
  const std::string name = PodSpec(job)["imagePullSecrets"][0]["name"];
  const auto secret = kube.Get(kube::kSecrets, {"scans", name});
  ASSERT_TRUE(secret.ok()) << secret.status();
  EXPECT_EQ((*secret)["type"], "kubernetes.io/dockerconfigjson");
  EXPECT_EQ((*secret)["metadata"]["ownerReferences"][0]["uid"],
            kube::UidOf(job));
}

TEST_F(UploadedTest, MissingImageShowsTheCommandsAndIsTriedAgain) {
  FailPull("manifest unknown: not found");
  const Json status = Status();
  EXPECT_EQ(status["error"]["code"], "ScanComponentMissing");
  EXPECT_EQ(Condition(kRegistry, "harbor", "ScanComponentAvailable"),
            "False ScanComponentMissing");
  EXPECT_THAT(
      status["commands"]["scanComponent"].dump(),
      HasSubstr("docker push harbor.example.com/tools/landwaiter-agent:0.1.0"));
  Advance(absl::Seconds(61));
  EXPECT_THAT(Jobs("verify"), SizeIs(1));
}

TEST_F(UploadedTest, RefusedLoginOfTheKubeletIsNotRepeated) {
  FailPull("failed to fetch oauth token: unexpected status: 401 Unauthorized");
  EXPECT_EQ(Status()["error"]["cause"], "Unauthorized");
  EXPECT_EQ(Condition(kRegistry, "harbor", "Stalled"),
            "True ScanComponentMissing");
  Advance(absl::Hours(24));
  EXPECT_THAT(Jobs("verify"), IsEmpty());
}

TEST_F(UploadedTest, WrongImageIsNeverScannedWith) {
  EndVerify(R"({"ok": false, "code": "ScanComponentMissing", "cause": "Digest",
                "message": "tools/landwaiter-agent:0.1.0 is another image"})");
  EXPECT_EQ(Condition(kRegistry, "harbor", "ScanComponentAvailable"),
            "False ScanComponentMissing");
  SetWork(5, 0);
  EXPECT_THAT(Jobs("scan"), IsEmpty());
}

TEST_F(UploadedTest, DigestThatIsNoneIsNotBelieved) {
  EndVerify(R"({"ok": true,
                "component": {"manifestDigest": "evil.example/x@sha256:0"}})");
  EXPECT_FALSE(Status().contains("scanComponent"));
  EXPECT_EQ(Condition(kRegistry, "harbor", "ScanComponentAvailable"),
            "Unknown Verifying");
}

}  // namespace
}  // namespace landwaiter::manager
