#include "tests/simulation/run.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "agent/extract/catalog.h"
#include "agent/layer/in_process_layer_scanner.h"
#include "agent/pipeline/scan_pod.h"
#include "analyzer/queue/task_control.h"
#include "analyzer/queue/work_queue.h"
#include "analyzer/store/sqlite/store.h"
#include "core/base/strings.h"
#include "tests/simulation/monitor.h"
#include "tests/simulation/scheduler.h"
#include "tests/simulation/sim_registry.h"
#include "tests/simulation/sim_work_client.h"

namespace landwaiter::simulation {
namespace {

const model::Tenant kTenant{"cluster-uid", "default"};
constexpr const char* kRegistry = "registry-uid";
constexpr absl::Duration kTimeout = absl::Hours(4);
constexpr int kMaxPods = 3;

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
          {.advisory = "ADV-" + name,
           .aliases = {"CVE-" + name},
           .package = name,
           .installed_version = installed.package.version,
           .severity = model::Severity::kHigh,
           .type = "deb",
           .path = installed.path,
           .layer = installed.layer});
    }
    return detection;
  }
};

class NoObserver : public analyzer::queue::ChangeObserver {
 public:
  void OnChange(const model::Change&) override {}
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
        images_per_hour_(!calm && scheduler_.Chance(0.3) ? 5 : 0),
        monitor_(images_per_hour_),
        store_(*analyzer::store::sqlite::OpenStore(
            {.now = analyzer_clock_.Now()})) {}

  RunResult Run();

 private:
  struct Pod;
  void Operate();
  absl::Time StartPods();
  void StartPod();
  void RunPod();
  void Collect(RunResult& result);
  bool AllEnded();
  absl::Status ApplyTasks();

  Scheduler scheduler_;
  FaultBudget budget_;
  const uint32_t images_per_hour_;
  std::set<std::string> reached_;
  Monitor monitor_;
  RegistryLog registry_log_;

  SimClock analyzer_clock_{scheduler_};
  StoreFailpoints store_failpoints_{scheduler_, budget_, reached_};
  NoObserver observer_;
  SimDetector detector_;
  std::unique_ptr<analyzer::store::Store> store_;
  analyzer::queue::Environment environment_{
      *store_, analyzer_clock_, store_failpoints_, observer_, detector_, {}};
  analyzer::queue::WorkQueue queue_{environment_};
  analyzer::queue::TaskControl control_{environment_};

  SimClock agent_clock_{scheduler_};
  std::map<std::string, model::TaskStatus> tasks_;
  int pods_started_ = 0;
  int pods_running_ = 0;
};

// What the operator does of it all: tasks are applied again until they are
// known, and pods run while there is work.
void Simulation::Operate() {
  while (true) {
    if (budget_.jumps > 0 && scheduler_.Chance(0.01)) {
      --budget_.jumps;
      analyzer_clock_.skew += absl::Seconds(scheduler_.Draw(150));
    }
    absl::Time next = scheduler_.now() + absl::Seconds(3);
    if (ApplyTasks().ok()) next = StartPods();
    if (AllEnded()) return;
    scheduler_.SleepUntil(std::max(next, scheduler_.now() + absl::Seconds(3)));
  }
}

// Starts pods where there is work; says when to look again.
absl::Time Simulation::StartPods() {
  absl::Time next = scheduler_.now() + absl::Seconds(30);
  const auto work = control_.ListWork();
  if (!work.ok()) return scheduler_.now();
  for (const model::RegistryWork& each : *work) {
    const auto wanted = std::min<uint64_t>(each.ready, kMaxPods);
    if (static_cast<uint64_t>(pods_running_) < wanted) {
      StartPod();
      next = scheduler_.now();
    }
    next = std::min(next, each.next_available);
  }
  return next;
}

absl::Status Simulation::ApplyTasks() {
  model::RegistrySpec registry;
  registry.uid = kRegistry;
  registry.name = "registry";
  registry.host = "registry.example";
  registry.images_per_hour = images_per_hour_;
  absl::Status status = control_.ApplyRegistry(kTenant, registry);
  if (!status.ok()) return status;
  const bool second_too =
      scheduler_.now() > absl::FromUnixSeconds(1'700'000'000 + 20);
  for (const char* uid : {"periodic", "interactive"}) {
    model::TaskSpec task;
    task.uid = uid;
    task.name = uid;
    task.type = model::TaskType::kImageScan;
    task.registries = {kRegistry};
    task.timeout = kTimeout;
    task.interactive = task.uid == "interactive";
    if (task.interactive && !second_too) continue;
    auto applied = control_.ApplyTask(kTenant, task);
    if (!applied.ok()) return applied.status();
    tasks_[uid] = *std::move(applied);
  }
  return absl::OkStatus();
}

bool Simulation::AllEnded() {
  return tasks_.size() == 2 &&
         std::all_of(tasks_.begin(), tasks_.end(), [](const auto& task) {
           return model::IsTerminal(task.second.phase);
         });
}

void Simulation::StartPod() {
  ++pods_started_;
  ++pods_running_;
  scheduler_.Spawn(base::StrCat("pod-", pods_started_), [this] {
    struct Ended {
      int& running;
      ~Ended() { --running; }
    } ended{pods_running_};
    RunPod();
  });
}

// What a scan pod's process holds.
struct Simulation::Pod {
  explicit Pod(Simulation& s)
      : registry(s.scheduler_, s.budget_, s.registry_log_),
        client(s.scheduler_, s.budget_, s.monitor_, s.queue_, s.analyzer_clock_,
               {kTenant, "local", kRegistry,
                base::StrCat("token-", s.pods_started_)}),
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
      executor,      agent_clock_, pod->failpoints};
  agent::pipeline::ScanPodCounts counts;
  agent::pipeline::RunScanPod(stages, {}, counts).IgnoreError();
}

void Simulation::Collect(RunResult& result) {
  result.tasks = tasks_;
  result.violations = monitor_.violations();
  result.reached = reached_;
  result.pods = pods_started_;
  result.took = scheduler_.now() - absl::FromUnixSeconds(1'700'000'000);
  budget_ = FaultBudget();
  analyzer::queue::FindingsQuery query{.registry_uid = kRegistry};
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
  scheduler_.Spawn("operator", [this] { Operate(); });
  const absl::Time limit = scheduler_.now() + kTimeout * 2 + absl::Hours(1);
  RunResult result;
  const bool ended = scheduler_.Run(limit, [this] { return AllEnded(); });
  Collect(result);
  if (!ended) result.violations.push_back("a task did not end");
  return result;
}

}  // namespace

RunResult RunSimulation(uint64_t seed, bool calm) {
  return Simulation(seed, calm).Run();
}

}  // namespace landwaiter::simulation
