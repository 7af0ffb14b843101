#include "operator/manager/operator_world.h"

#include <gtest/gtest.h>

#include <utility>

#include "absl/strings/escaping.h"
#include "core/base/strings.h"
#include "operator/api/conditions.h"
#include "operator/api/names.h"

namespace landwaiter::manager {
namespace {

using kube::Json;

constexpr char kNamespace[] = "team";
constexpr char kScanNamespace[] = "scans";
constexpr int kMaxRounds = 1000;

void Check(const absl::Status& status) { ASSERT_TRUE(status.ok()) << status; }

}  // namespace

void RecordedEvents::Event(const Json&, kube::EventType,
                           std::string_view reason, std::string_view,
                           std::string_view note) {
  events.push_back(base::StrCat(reason, ": ", note));
}

bool RecordedEvents::Has(std::string_view reason) const {
  for (const std::string& event : events) {
    if (event.starts_with(base::StrCat(reason, ":"))) return true;
  }
  return false;
}

OperatorWorld::OperatorWorld() {
  settings.cluster_uid = "control-cluster";
  settings.component.image = "agent@sha256:00";
  settings.component.analyzer_address = "analyzer:8443";
  settings.scan_namespaces = {kScanNamespace};
  Restart();
}

void OperatorWorld::Restart() {
  operator_.reset();
  informers_.clear();
  OperatorOptions options;
  options.kube = &kube;
  options.analyzer = &analyzer;
  options.advisories = &analyzer;
  options.own_namespace = kNamespace;
  options.clock = &clock;
  options.failpoints = &failpoints;
  options.events = &events;
  options.settings = settings;
  options.namespaces = {kNamespace};
  options.analyzer_ca = [] { return std::string("CA"); };
  options.remote = RemoteLinks();
  operator_ = std::make_unique<Operator>(std::move(options));
  for (kube::Informer* informer : operator_->informers()) {
    informers_.push_back(
        std::make_unique<kube::SteppedInformer>(&kube, &clock, informer));
  }
  Settle();
  operator_->OnChange({});
  Settle();
}

RemoteOptions OperatorWorld::RemoteLinks() {
  RemoteOptions options;
  options.connect =
      [this](const reconcile::LinkSpec& spec) -> absl::StatusOr<RemoteClient> {
    if (spec.kubeconfig == "refused") {
      return absl::InvalidArgumentError("users[0].user.exec is refused");
    }
    return RemoteClient{{std::shared_ptr<void>(), &far}, {}};
  };
  options.drive = [this](RemoteCluster* cluster) {
    auto remote = std::make_shared<Remote>();
    remote->cluster = cluster;
    for (kube::Informer* informer : cluster->informers()) {
      remote->informers.push_back(
          std::make_unique<kube::SteppedInformer>(&far, &clock, informer));
    }
    remotes_.push_back(remote);
    return std::shared_ptr<void>(
        nullptr, [this, remote](void*) { std::erase(remotes_, remote); });
  };
  return options;
}

void OperatorWorld::Settle() {
  for (int round = 0; round < kMaxRounds; ++round) {
    for (const auto& informer : informers_) informer->Settle();
    for (const auto& remote : remotes_) {
      for (const auto& informer : remote->informers) informer->Settle();
      remote->cluster->Step();
    }
    ASSERT_TRUE(operator_->HasSynced());
    bool worked = false;
    for (Controller* controller : operator_->controllers()) {
      if (controller->Step()) worked = true;
    }
    if (!worked) return;
  }
  FAIL() << "the operator does not come to rest";
}

void OperatorWorld::Advance(absl::Duration duration) {
  const absl::Time end = clock.Now() + duration;
  // In steps, so that what is due on the way happens in its order.
  while (clock.Now() < end) {
    absl::Time next = end;
    for (Controller* controller : operator_->controllers()) {
      next = std::min(next, controller->queue().NextDue());
    }
    // Links are asked at least every 5 s.
    if (!remotes_.empty())
      next = std::min(next, clock.Now() + absl::Seconds(5));
    clock.Advance(std::max(next - clock.Now(), absl::Milliseconds(1)));
    Settle();
  }
}

Json OperatorWorld::Create(const kube::ResourceType& type,
                           const std::string& name,
                           const std::string& spec_json) {
  const auto created = kube.Create(
      type, {{"apiVersion", type.ApiVersion()},
             {"kind", std::string(type.kind)},
             {"metadata", {{"name", name}, {"namespace", kNamespace}}},
             {"spec", Json::parse(spec_json)}});
  EXPECT_TRUE(created.ok()) << created.status();
  Settle();
  return *created;
}

void OperatorWorld::CreateSecret(const std::string& name,
                                 const std::string& password) {
  Check(kube.Create(kube::kSecrets,
                    {{"apiVersion", "v1"},
                     {"kind", "Secret"},
                     {"metadata", {{"name", name}, {"namespace", kNamespace}}},
                     {"data",
                      {{"username", absl::Base64Escape("me")},
                       {"password", absl::Base64Escape(password)}}}})
            .status());
  Settle();
}

void OperatorWorld::CreateCluster() {
  Create(api::kRepositoryClusters, "local",
         R"({"connection": {"type": "Local"}, "maxPods": 4})");
}

void OperatorWorld::CreateKubeconfig(const std::string& name,
                                     const std::string& text) {
  Check(kube.Create(kube::kSecrets,
                    {{"apiVersion", "v1"},
                     {"kind", "Secret"},
                     {"metadata", {{"name", name}, {"namespace", kNamespace}}},
                     {"data", {{"kubeconfig", absl::Base64Escape(text)}}}})
            .status());
  Settle();
}

void OperatorWorld::CreateFarCluster() {
  CreateKubeconfig("kubeconfig", "far");
  Create(api::kRepositoryClusters, "far",
         R"({"connection": {"type": "Kubeconfig", "kubeconfig":
              {"secretRef": {"name": "kubeconfig"}}},
             "analyzerAddress": "analyzer.example.com:443"})");
}

void OperatorWorld::FarIsAway(bool away) {
  FarAnswers(away ? absl::UnavailableError("connection refused")
                  : absl::OkStatus());
}

void OperatorWorld::FarAnswers(const absl::Status& status) {
  far.FailBefore([status](const kube::FakeRequest&) { return status; });
  if (!status.ok()) far.DropWatches();
  Settle();
}

void OperatorWorld::CreateRegistry(const std::string& cluster) {
  Create(
      api::kImageRegistries, "harbor",
      base::StrCat(
          R"({"type": "OCI", "endpoint": {"url": "https://harbor.example.com"},
             "credentialsSecretRef": {"name": "account"},
             "clusterRef": {"name": ")",
          cluster, R"("},
             "sync": {"interval": "1h"}})"));
}

void OperatorWorld::CreateConnectedRegistry() {
  CreateSecret("account", "canary");
  CreateCluster();
  CreateRegistry();
  const std::vector<Json> jobs = Jobs("verify");
  ASSERT_EQ(jobs.size(), 1u);
  FinishJob(jobs[0], R"({"ok": true, "detectedVersion": "V2"})");
}

Json OperatorWorld::Get(const kube::ResourceType& type,
                        const std::string& name) {
  const auto object = kube.Get(type, {kNamespace, name});
  EXPECT_TRUE(object.ok()) << object.status();
  return object.ok() ? *object : Json::object();
}

bool OperatorWorld::Exists(const kube::ResourceType& type,
                           const std::string& name) {
  return kube.Get(type, {kNamespace, name}).ok();
}

void OperatorWorld::Change(const kube::ResourceType& type,
                           const std::string& name,
                           const std::string& patch_json) {
  Check(kube.Patch(type, {kNamespace, name}, Json::parse(patch_json), {})
            .status());
  Settle();
}

std::string OperatorWorld::Condition(const kube::ResourceType& type,
                                     const std::string& name,
                                     const std::string& condition) {
  const Json object = Get(type, name);
  const api::Conditions conditions(object, clock.Now());
  const api::Condition* found = conditions.Find(condition);
  if (found == nullptr) return "-";
  return base::StrCat(api::ToString(found->status), " ", found->reason);
}

namespace {

std::vector<Json> JobsIn(kube::FakeKubeClient& kube, const std::string& kind) {
  const auto page =
      kube.List(kube::kJobs, kScanNamespace,
                {.label_selector = base::StrCat(api::kJobLabel, "=", kind)});
  EXPECT_TRUE(page.ok()) << page.status();
  return page->items;
}

// Its pod has ended, and so has the Job.
void EndJob(kube::FakeKubeClient& kube, const Json& job,
            const std::string& message, bool succeeded, absl::Time now) {
  Json pod = {
      {"apiVersion", "v1"},
      {"kind", "Pod"},
      {"metadata",
       {{"name", kube::NameOf(job) + "-pod"},
        {"namespace", kube::NamespaceOf(job)},
        {"labels", job["spec"]["template"]["metadata"]["labels"]},
        {"ownerReferences", Json::array({{{"apiVersion", "batch/v1"},
                                          {"kind", "Job"},
                                          {"name", kube::NameOf(job)},
                                          {"uid", kube::UidOf(job)}}})}}}};
  const auto created = kube.Create(kube::kPods, pod);
  Check(created.status());
  pod = *created;
  pod["status"] = {
      {"phase", succeeded ? "Succeeded" : "Failed"},
      {"containerStatuses",
       Json::array({{{"state",
                      {{"terminated",
                        {{"exitCode", succeeded ? 0 : 1},
                         {"reason", succeeded ? "Completed" : "Error"},
                         {"message", message}}}}}}})}};
  Check(kube.UpdateStatus(kube::kPods, pod).status());
  Json ended = *kube.Get(kube::kJobs, kube::KeyOf(job));
  ended["status"]["conditions"] =
      Json::array({{{"type", succeeded ? "Complete" : "Failed"},
                    {"status", "True"},
                    {"lastTransitionTime", kube::TimeText(now)}}});
  Check(kube.UpdateStatus(kube::kJobs, ended).status());
}

}  // namespace

std::vector<Json> OperatorWorld::Jobs(const std::string& kind) {
  return JobsIn(kube, kind);
}

std::vector<Json> OperatorWorld::FarJobs(const std::string& kind) {
  return JobsIn(far, kind);
}

std::vector<Json> OperatorWorld::Tasks() {
  const auto page = kube.List(api::kScanTasks, kNamespace, {});
  EXPECT_TRUE(page.ok()) << page.status();
  return page->items;
}

void OperatorWorld::FinishJob(const Json& job, const std::string& message,
                              bool succeeded) {
  EndJob(kube, job, message, succeeded, clock.Now());
  Settle();
}

void OperatorWorld::FinishFarJob(const Json& job, const std::string& message) {
  EndJob(far, job, message, true, clock.Now());
  Settle();
}

void OperatorWorld::SetTask(const std::string& name,
                            const model::TaskStatus& status) {
  const std::string uid = kube::UidOf(Get(api::kScanTasks, name));
  ASSERT_TRUE(analyzer.tasks.contains(uid)) << "the analyzer has no " << name;
  model::TaskStatus merged = status;
  merged.start = analyzer.task_status[uid].start;
  analyzer.task_status[uid] = merged;
  TellChange(model::Change::Kind::kTask, uid);
}

void OperatorWorld::SetWork(uint64_t ready, uint64_t leased, absl::Time next) {
  const std::string uid = kube::UidOf(Get(api::kImageRegistries, "harbor"));
  analyzer.work = {{.tenant = {settings.cluster_uid, kNamespace},
                    .registry_uid = uid,
                    .ready = ready,
                    .leased = leased,
                    .next_available = next}};
  TellChange(model::Change::Kind::kWork, uid);
  Advance(absl::Seconds(1));  // the board asks at most twice a second
}

void OperatorWorld::TellChange(model::Change::Kind kind,
                               const std::string& uid) {
  operator_->OnChange({kind, {settings.cluster_uid, kNamespace}, uid});
  Settle();
}

}  // namespace landwaiter::manager
