#include "tests/simulation/run.h"

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "agent/extract/catalog.h"
#include "agent/layer/in_process_layer_scanner.h"
#include "agent/pipeline/scan_pod.h"
#include "analyzer/queue/task_control.h"
#include "analyzer/queue/work_queue.h"
#include "analyzer/store/sqlite/store.h"
#include "core/base/strings.h"
#include "operator/api/names.h"
#include "operator/kube/fake/fake_kube_client.h"
#include "operator/kube/object.h"
#include "tests/simulation/monitor.h"
#include "tests/simulation/scheduler.h"
#include "tests/simulation/sim_control_client.h"
#include "tests/simulation/sim_kubelet.h"
#include "tests/simulation/sim_operator.h"
#include "tests/simulation/sim_registry.h"
#include "tests/simulation/sim_work_client.h"

namespace landwaiter::simulation {
namespace {

using kube::Json;

const model::Tenant kTenant{kClusterUid, kUserNamespace};
constexpr absl::Duration kTimeout = absl::Hours(4);
constexpr const char* kTasks[] = {"first", "second"};

// Every package named bad-... is vulnerable.
class SimDetector : public analyzer::queue::Detector {
 public:
  absl::StatusOr<analyzer::queue::Detection> Detect(
      const model::Inventory& inventory) override {
    analyzer::queue::Detection detection;
    for (const model::InstalledPackage& installed : inventory.packages) {
      const std::string& name = installed.package.name;
      if (!name.starts_with("bad-")) continue;
      detection.findings.push_back(
          {.id = "CVE-" + name,
           .advisory = "ADV-" + name,
           .package = name,
           .type = "deb",
           .installed_version = installed.package.version,
           .path = installed.path,
           .severity = model::Severity::kHigh,
           .layer = installed.layer});
    }
    return detection;
  }
};

FaultBudget BudgetOf(Scheduler& scheduler, bool calm) {
  FaultBudget budget;
  if (calm) return budget;
  budget.kills = static_cast<int>(scheduler.Draw(6));
  budget.pauses = static_cast<int>(scheduler.Draw(4));
  budget.errors = static_cast<int>(scheduler.Draw(6));
  budget.jumps = static_cast<int>(scheduler.Draw(3));
  budget.network = scheduler.Chance(0.5) ? 0.03 : 0;
  budget.registry = scheduler.Chance(0.5) ? 0.05 : 0;
  return budget;
}

// The three programs in one process.
class Simulation {
 public:
  Simulation(uint64_t seed, bool calm)
      : scheduler_(seed),
        budget_(BudgetOf(scheduler_, calm)),
        images_per_hour_(!calm && scheduler_.Chance(0.15) ? 7 : 0),
        monitor_(images_per_hour_),
        store_(*analyzer::store::sqlite::OpenStore(
            {.now = analyzer_clock_.Now()})) {}

  ~Simulation() { scheduler_.Stop(); }

  RunResult Run();

 private:
  struct Pod;
  // Actors.
  void UseIt();
  void KeepTime();
  void RunPod();

  void Create(const kube::ResourceType& type, const std::string& name,
              const std::string& spec);
  bool AllEnded();
  void CollectTasks();
  // As retention does: what the tasks found outlives them.
  void DeleteTasks();
  void Collect(RunResult& result);
  void CollectFindings(RunResult& result);

  Scheduler scheduler_;
  FaultBudget budget_;
  const uint32_t images_per_hour_;
  std::set<std::string> reached_;
  Monitor monitor_;
  RegistryLog registry_log_;
  SimClock clock_{scheduler_};
  ActorFailpoints failpoints_{scheduler_, budget_, reached_};
  kube::FakeKubeClient kube_{&clock_};

  SimClock analyzer_clock_{scheduler_};
  StoreFailpoints store_failpoints_{scheduler_, budget_, reached_};
  SimDetector detector_;
  std::unique_ptr<analyzer::store::Store> store_;
  // The queue tells the operator of changes, the operator calls the queue.
  analyzer::queue::Environment environment_{
      *store_, analyzer_clock_, store_failpoints_, operator_, detector_, {}};
  analyzer::queue::WorkQueue queue_{environment_};
  analyzer::queue::TaskControl control_{environment_};
  SimControlClient control_client_{scheduler_, budget_, control_};
  SimOperator operator_{scheduler_,      budget_, kube_,
                        control_client_, clock_,  failpoints_};
  SimKubelet kubelet_{scheduler_, budget_, kube_, kScanNamespace,
                      [this] { RunPod(); }};
  std::string registry_uid_;
  std::map<std::string, TaskResult> tasks_;
  bool satisfied_ = false;
};

void Simulation::Create(const kube::ResourceType& type, const std::string& name,
                        const std::string& spec) {
  const auto created = kube_.Create(
      type, {{"apiVersion", type.ApiVersion()},
             {"kind", std::string(type.kind)},
             {"metadata", {{"name", name}, {"namespace", kUserNamespace}}},
             {"spec", Json::parse(spec)}});
  if (type == api::kImageRegistries) registry_uid_ = kube::UidOf(*created);
}

// What people do: connect, scan everything, and want it again soon after.
void Simulation::UseIt() {
  Create(api::kRepositoryClusters, "local",
         R"({"connection": {"type": "Local"}, "maxPods": 3})");
  Create(api::kImageRegistries, "registry",
         base::StrCat(R"({"type": "OCI",
             "endpoint": {"url": "https://registry.example"},
             "clusterRef": {"name": "local"}, "imagesPerHour": )",
                      images_per_hour_ == 0 ? "\"Unlimited\""
                                            : std::to_string(images_per_hour_),
                      R"(, "sync": {"interval": "24h"}})"));
  Create(api::kScanTasks, kTasks[0], R"({"type": "ImageScan"})");
  scheduler_.SleepUntil(scheduler_.now() + absl::Seconds(20));
  Create(api::kScanTasks, kTasks[1], R"({"type": "ImageScan"})");
  while (!AllEnded()) {
    scheduler_.SleepUntil(scheduler_.now() + absl::Seconds(10));
  }
  CollectTasks();
  DeleteTasks();
  satisfied_ = true;
}

void Simulation::DeleteTasks() {
  for (const char* name : kTasks) {
    const kube::ObjectKey key{kUserNamespace, name};
    (void)kube_.Delete(api::kScanTasks, key, {});
    while (kube_.Get(api::kScanTasks, key).ok()) {
      scheduler_.SleepUntil(scheduler_.now() + absl::Seconds(10));
    }
  }
}

// The analyzer's own ticks, and jumps of its clock.
void Simulation::KeepTime() {
  while (true) {
    scheduler_.SleepUntil(scheduler_.now() + absl::Seconds(15));
    control_.Tick().IgnoreError();
    if (budget_.jumps > 0 && scheduler_.Chance(0.05)) {
      --budget_.jumps;
      analyzer_clock_.skew += absl::Seconds(scheduler_.Draw(150));
    }
  }
}

// What a scan pod's process holds.
struct Simulation::Pod {
  explicit Pod(Simulation& s)
      : registry(s.scheduler_, s.budget_, s.registry_log_),
        client(s.scheduler_, s.budget_, s.monitor_, s.queue_, s.analyzer_clock_,
               {kTenant, "local", s.registry_uid_,
                base::StrCat("token-", s.kubelet_.pods_started())}),
        failpoints(s.scheduler_, s.budget_, s.reached_) {}
  SimRegistry registry;
  agent::layer::InProcessLayerScanner scanner{agent::extract::AllExtractors};
  SimWorkClient client;
  ActorFailpoints failpoints;
  agent::pipeline::LeaseKeeper leases{client, failpoints};
};

void Simulation::RunPod() {
  // Shared with the heartbeat, which may outlive a killed pod by a step.
  const auto pod = std::make_shared<Pod>(*this);
  const auto heartbeat = scheduler_.Spawn("heartbeat", [this, pod] {
    while (true) {
      scheduler_.SleepUntil(scheduler_.now() + pod->leases.Interval());
      pod->leases.Beat().IgnoreError();
    }
  });
  struct WithThePod {
    Scheduler& scheduler;
    Scheduler::ActorId heartbeat;
    ~WithThePod() { scheduler.Kill(heartbeat); }
  } with_the_pod{scheduler_, heartbeat};
  agent::pipeline::InlineExecutor executor;
  const agent::pipeline::Stages stages{
      pod->registry, pod->scanner, pod->client,    pod->leases,
      executor,      clock_,       pod->failpoints};
  agent::pipeline::ScanPodCounts counts;
  agent::pipeline::RunScanPod(stages, {}, counts).IgnoreError();
}

bool Simulation::AllEnded() {
  for (const char* name : kTasks) {
    const auto task = kube_.Get(api::kScanTasks, {kUserNamespace, name});
    if (!task.ok()) return false;
    const Json status = task->value("status", Json::object());
    if (!status.contains("completionTime")) return false;
  }
  return true;
}

// As people read it: from the custom resources' status alone.
void Simulation::CollectTasks() {
  for (const char* name : kTasks) {
    const auto task = kube_.Get(api::kScanTasks, {kUserNamespace, name});
    TaskResult& read = tasks_[name];
    if (!task.ok()) continue;
    const Json status = task->value("status", Json::object());
    read.phase = status.value("phase", "");
    const Json images = status.value("images", Json::object());
    read.images = {images.value("total", uint64_t{0}),
                   images.value("scanned", uint64_t{0}),
                   images.value("reused", uint64_t{0}),
                   images.value("failed", uint64_t{0}),
                   images.value("skipped", uint64_t{0}),
                   images.value("unsupported", uint64_t{0})};
    read.quota_consumed =
        status.value("quota", Json::object()).value("consumed", uint64_t{0});
  }
}

void Simulation::Collect(RunResult& result) {
  if (tasks_.empty()) CollectTasks();  // one did not end
  result.tasks = tasks_;
  result.violations = monitor_.violations();
  result.reached = reached_;
  result.pods = kubelet_.pods_started();
  result.took = scheduler_.now() - absl::FromUnixSeconds(1'700'000'000);
  budget_ = FaultBudget();
  CollectFindings(result);
}

void Simulation::CollectFindings(RunResult& result) {
  analyzer::queue::FindingsQuery query{.registry_uid = registry_uid_};
  do {
    const auto page = control_.ListFindings(kTenant, query);
    if (!page.ok()) {
      result.violations.push_back(page.status().ToString());
      return;
    }
    for (const analyzer::store::ImageFinding& found : page->findings) {
      result.findings[base::StrCat(found.repository, "@", found.digest.text())]
          .insert(base::StrCat(found.finding.advisory, " ",
                               found.finding.package, " ",
                               found.finding.installed_version, " ",
                               found.finding.layer.text()));
    }
    query.page_token = page->next_page_token;
  } while (!query.page_token.empty());
}

RunResult Simulation::Run() {
  scheduler_.Spawn("user", [this] { UseIt(); });
  scheduler_.Spawn("leader election", [this] { operator_.Supervise(); });
  scheduler_.Spawn("kubelet", [this] { kubelet_.Run(); });
  scheduler_.Spawn("analyzer", [this] { KeepTime(); });
  const absl::Time limit = scheduler_.now() + kTimeout * 2 + absl::Hours(1);
  const bool ended = scheduler_.Run(limit, [this] { return satisfied_; });
  RunResult result;
  Collect(result);
  if (!ended) result.violations.push_back("a task did not end");
  return result;
}

}  // namespace

RunResult RunSimulation(uint64_t seed, bool calm) {
  return Simulation(seed, calm).Run();
}

}  // namespace landwaiter::simulation
