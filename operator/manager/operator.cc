#include "operator/manager/operator.h"

#include <utility>

#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/api/image_registry.h"
#include "operator/api/names.h"
#include "operator/api/registry_account.h"
#include "operator/api/scan_task.h"
#include "operator/reconcile/cluster_choice.h"
#include "operator/reconcile/not_implemented.h"
#include "operator/reconcile/owner.h"

namespace landwaiter::manager {
namespace {

using kube::Json;
using kube::ObjectKey;
using kube::ObjectPtr;

// Helm keeps its releases in large Secrets that are none of ours.
constexpr std::string_view kSecretsOfInterest = "type!=helm.sh/release.v1";

// What a reconciler of the object itself reads; its own status writes are not
// among it, so that they do not wake it again.
bool IsMeaningful(const Json& before, const Json& after) {
  for (const char* field : {"generation", "uid", "labels", "annotations",
                            "finalizers", "deletionTimestamp"}) {
    const Json* a = kube::Find(before, {"metadata", field});
    const Json* b = kube::Find(after, {"metadata", field});
    if ((a == nullptr) != (b == nullptr)) return true;
    if (a != nullptr && *a != *b) return true;
  }
  return false;
}

// Adds the key for what matters, and tells dependents of everything.
kube::EventHandler HandlerOf(kube::WorkQueue& queue,
                             std::function<void(const Json&)> dependents) {
  return {
      .on_add =
          [&queue, dependents](const ObjectPtr& object) {
            queue.Add(kube::KeyOf(*object));
            if (dependents) dependents(*object);
          },
      .on_update =
          [&queue, dependents](const ObjectPtr& before,
                               const ObjectPtr& after) {
            if (IsMeaningful(*before, *after)) queue.Add(kube::KeyOf(*after));
            if (dependents) dependents(*after);
          },
      .on_delete =
          [&queue, dependents](const ObjectPtr& object) {
            queue.Add(kube::KeyOf(*object));
            if (dependents) dependents(*object);
          },
  };
}

}  // namespace

Operator::Operator(OperatorOptions options)
    : options_(std::move(options)),
      board_(options_.analyzer, options_.clock,
             [this](const model::Tenant& tenant, const std::string& uid) {
               const ObjectPtr registry =
                   cache_.FindByUid(api::kImageRegistries, tenant.ns, uid);
               if (registry != nullptr) {
                 pods_controller_->queue().Add(kube::KeyOf(*registry));
               }
             }),
      links_(
          options_.remote, options_.clock,
          [this](const ObjectKey& key) { OnClusterLink(key); },
          [this](const Json& object) { OnScanObject(object); },
          options_.seed + (uint64_t{1} << 20)),
      context_{.kube = options_.kube,
               .analyzer = options_.analyzer,
               .clock = options_.clock,
               .failpoints = options_.failpoints,
               .events = options_.events,
               .cache = &cache_,
               .work = &board_,
               .settings = &options_.settings,
               .clusters = &links_,
               .enrolments = options_.enrolments,
               .analyzer_ca = options_.analyzer_ca},
      clusters_(&context_),
      registries_(&context_),
      accounts_(&context_),
      pods_(&context_,
            [this](const ObjectKey& cluster) {
              clusters_.ForgetProbe(cluster);
              cluster_controller_->queue().Add(cluster);
            }),
      policies_(&context_),
      tasks_(&context_),
      advisories_(&context_, options_.advisories, options_.own_namespace) {
  const auto lane_of = [this](const kube::ResourceType& type) {
    return [this, &type](const ObjectKey& key) {
      return reconcile::FarClusterOf(cache_, type, key);
    };
  };
  cluster_controller_ = &AddController("repositorycluster", &clusters_,
                                       lane_of(api::kRepositoryClusters));
  registry_controller_ = &AddController("imageregistry", &registries_,
                                        lane_of(api::kImageRegistries));
  account_controller_ = &AddController("registryaccount", &accounts_,
                                       lane_of(api::kRegistryAccounts));
  pods_controller_ =
      &AddController("scanpods", &pods_, lane_of(api::kImageRegistries));
  policy_controller_ = &AddController("scanpolicy", &policies_);
  task_controller_ = &AddController("scantask", &tasks_);
  work_controller_ = &AddController("work", &board_);
  AddInformers();
}

Operator::~Operator() { links_.Stop(); }

Controller& Operator::AddController(std::string name,
                                    reconcile::Reconciler* reconciler,
                                    Controller::LaneOf lane_of) {
  ControllerObserver* observer =
      options_.observer ? options_.observer(name) : nullptr;
  controllers_.push_back(
      std::make_unique<Controller>(std::move(name), reconciler, options_.clock,
                                   observer, std::move(lane_of)));
  return *controllers_.back();
}

void Operator::AddInformers() {
  WatchType(api::kRepositoryClusters,
            HandlerOf(cluster_controller_->queue(),
                      [this](const Json& object) { OnCluster(object); }));
  WatchType(api::kImageRegistries,
            HandlerOf(registry_controller_->queue(),
                      [this](const Json& object) { OnRegistry(object); }));
  WatchType(api::kRegistryAccounts,
            HandlerOf(account_controller_->queue(), nullptr));
  WatchType(api::kScanPolicies,
            HandlerOf(policy_controller_->queue(),
                      [this](const Json& object) { OnPolicy(object); }));
  WatchType(api::kScanTasks,
            HandlerOf(task_controller_->queue(),
                      [this](const Json& object) { OnTask(object); }));
  WatchType(
      kube::kSecrets,
      {.on_add = [this](const ObjectPtr& secret) { OnSecret(*secret); },
       .on_update = [this](const ObjectPtr&,
                           const ObjectPtr& secret) { OnSecret(*secret); },
       .on_delete = [this](const ObjectPtr& secret) { OnSecret(*secret); }});
  for (const kube::ResourceType* type : {&kube::kJobs, &kube::kPods}) {
    WatchScanType(*type, [this](const Json& object) { OnScanObject(object); });
  }
  AddNotImplemented(api::kRiskExceptions, "Excepting findings");
  AddNotImplemented(api::kScanQuotas, "A quota of scanned images");
  if (options_.advisories == nullptr) return;
  WatchType(api::kAdvisoryDatabases,
            HandlerOf(AddController("advisorydatabase", &advisories_).queue(),
                      nullptr));
}

void Operator::AddNotImplemented(const kube::ResourceType& type,
                                 std::string what) {
  not_implemented_.push_back(
      std::make_unique<reconcile::NotImplementedReconciler>(&context_, &type,
                                                            std::move(what)));
  Controller& controller =
      AddController(base::ToLower(type.kind), not_implemented_.back().get());
  WatchType(type, HandlerOf(controller.queue(), nullptr));
}

void Operator::WatchType(const kube::ResourceType& type,
                         kube::EventHandler handler) {
  for (const std::string& ns : options_.namespaces) {
    kube::Reflector::Options reflector{.type = type, .ns = ns};
    if (type == kube::kSecrets) {
      reflector.field_selector = std::string(kSecretsOfInterest);
    }
    cache_.Add(std::move(reflector), options_.seed++).AddHandler(handler);
  }
}

void Operator::WatchScanType(const kube::ResourceType& type,
                             std::function<void(const Json&)> on_change) {
  for (const std::string& ns : options_.settings.scan_namespaces) {
    kube::Reflector::Options reflector{.type = type, .ns = ns};
    reflector.label_selector =
        base::StrCat(api::kManagedByLabel, "=", api::kManagedBy);
    cache_.Add(std::move(reflector), options_.seed++)
        .AddHandler(
            {.on_add = [on_change](const ObjectPtr& o) { on_change(*o); },
             .on_update = [on_change](const ObjectPtr&,
                                      const ObjectPtr& o) { on_change(*o); },
             .on_delete = [on_change](const ObjectPtr& o) { on_change(*o); }});
  }
}

std::vector<Controller*> Operator::controllers() {
  std::vector<Controller*> all;
  for (const auto& controller : controllers_) all.push_back(controller.get());
  return all;
}

void Operator::OnCluster(const Json& cluster) {
  const std::string ns = kube::NamespaceOf(cluster);
  for (const ObjectPtr& object : cache_.List(api::kImageRegistries, ns)) {
    if (kube::StringAt(*object, {"spec", "clusterRef", "name"}) ==
        kube::NameOf(cluster)) {
      registry_controller_->queue().Add(kube::KeyOf(*object));
      pods_controller_->queue().Add(kube::KeyOf(*object));
    }
  }
  WakeAccounts(ns, [&](const api::ImageRegistry& connection) {
    return connection.cluster == kube::NameOf(cluster);
  });
}

// Wakes the RegistryAccounts whose connection is of interest.
void Operator::WakeAccounts(
    const std::string& ns,
    absl::FunctionRef<bool(const api::ImageRegistry&)> is_of_interest) {
  for (const ObjectPtr& object : cache_.List(api::kRegistryAccounts, ns)) {
    const auto account = api::RegistryAccount::Parse(*object);
    if (account.ok() && is_of_interest(account->connection)) {
      account_controller_->queue().Add(kube::KeyOf(*object));
    }
  }
}

// What is known of a remote cluster has changed. Its registries hear of it from
// its status, if that changes; else they must see for themselves.
void Operator::OnClusterLink(const ObjectKey& key) {
  cluster_controller_->queue().Add(key);
  const ObjectPtr cluster = cache_.Get(api::kRepositoryClusters, key);
  if (cluster != nullptr) OnCluster(*cluster);
}

void Operator::OnRegistry(const Json& registry) {
  const ObjectKey account =
      reconcile::OwnerKey(registry, api::kRegistryAccounts.kind);
  if (!account.name.empty()) account_controller_->queue().Add(account);
  pods_controller_->queue().Add(kube::KeyOf(registry));
  WakeUnresolvedTasks(kube::NamespaceOf(registry));
}

void Operator::OnPolicy(const Json& policy) {
  WakeUnresolvedTasks(kube::NamespaceOf(policy));
}

void Operator::OnTask(const Json& task) {
  const ObjectKey policy = reconcile::OwnerKey(task, api::kScanPolicies.kind);
  if (!policy.name.empty()) policy_controller_->queue().Add(policy);
  const ObjectKey registry =
      reconcile::OwnerKey(task, api::kImageRegistries.kind);
  if (!registry.name.empty()) registry_controller_->queue().Add(registry);
  WakeUnresolvedTasks(kube::NamespaceOf(task));
}

void Operator::OnSecret(const Json& secret) {
  const std::string ns = kube::NamespaceOf(secret);
  const std::string name = kube::NameOf(secret);
  for (const ObjectPtr& object : cache_.List(api::kImageRegistries, ns)) {
    const auto registry = api::ImageRegistry::Parse(*object);
    if (!registry.ok()) continue;
    if (registry->RefersTo(name)) {
      registry_controller_->queue().Add(kube::KeyOf(*object));
    }
  }
  for (const ObjectPtr& object : cache_.List(api::kRepositoryClusters, ns)) {
    if (kube::StringAt(*object, {"spec", "connection", "kubeconfig",
                                 "secretRef", "name"}) == name) {
      cluster_controller_->queue().Add(kube::KeyOf(*object));
    }
  }
  WakeAccounts(ns, [&](const api::ImageRegistry& connection) {
    return connection.RefersTo(name);
  });
}

// A Job or a pod of the scan component.
void Operator::OnScanObject(const Json& object) {
  const std::string ns = kube::LabelOf(object, api::kOwnerNamespaceLabel);
  const ObjectPtr registry = cache_.FindByUid(
      api::kImageRegistries, ns, kube::LabelOf(object, api::kRegistryUidLabel));
  if (registry != nullptr) {
    Controller& controller = kube::LabelOf(object, api::kJobLabel) == "verify"
                                 ? *registry_controller_
                                 : *pods_controller_;
    controller.queue().Add(kube::KeyOf(*registry));
  }
  const ObjectPtr account =
      cache_.FindByUid(api::kRegistryAccounts, ns,
                       kube::LabelOf(object, api::kRegistryUidLabel));
  if (account != nullptr) {
    account_controller_->queue().Add(kube::KeyOf(*account));
  }
  const ObjectPtr cluster =
      cache_.FindByUid(api::kRepositoryClusters, ns,
                       kube::LabelOf(object, api::kClusterUidLabel));
  if (cluster != nullptr) {
    cluster_controller_->queue().Add(kube::KeyOf(*cluster));
  }
}

// Tasks that may have waited for what has just changed.
void Operator::WakeUnresolvedTasks(const std::string& ns) {
  for (const ObjectPtr& object : cache_.List(api::kScanTasks, ns)) {
    if (kube::Find(*object, {"status", "startTime"}) == nullptr &&
        kube::Find(*object, {"status", "completionTime"}) == nullptr) {
      task_controller_->queue().Add(kube::KeyOf(*object));
    }
  }
}

void Operator::OnChange(const model::Change& change) {
  if (change.uid.empty()) {
    WakeAll();
    return;
  }
  const auto wake = [&](const kube::ResourceType& type,
                        Controller& controller) {
    const ObjectPtr object =
        cache_.FindByUid(type, change.tenant.ns, change.uid);
    if (object != nullptr) controller.queue().Add(kube::KeyOf(*object));
  };
  switch (change.kind) {
    case model::Change::Kind::kTask:
      wake(api::kScanTasks, *task_controller_);
      break;
    case model::Change::Kind::kRegistry:
      wake(api::kImageRegistries, *registry_controller_);
      break;
    case model::Change::Kind::kWork:
      work_controller_->queue().Add(AnalyzerWorkBoard::Key());
      break;
  }
}

void Operator::WakeAll() {
  registries_.ForgetApplied();
  for (const ObjectPtr& object : cache_.ListAll(api::kImageRegistries)) {
    registry_controller_->queue().Add(kube::KeyOf(*object));
  }
  for (const ObjectPtr& object : cache_.ListAll(api::kScanTasks)) {
    const auto task = api::ScanTask::Parse(*object);
    if (task.ok() && !model::IsTerminal(task->phase)) {
      task_controller_->queue().Add(kube::KeyOf(*object));
    }
  }
  work_controller_->queue().Add(AnalyzerWorkBoard::Key());
}

void Operator::ProbeCluster(const std::string& uid) {
  if (const auto link = links_.Find(uid)) link->ProbeSoon();
}

std::map<std::string, std::map<std::string, int64_t>> Operator::CountPhases()
    const {
  std::map<std::string, std::map<std::string, int64_t>> counts;
  for (const kube::ResourceType* type :
       {&api::kRepositoryClusters, &api::kImageRegistries, &api::kScanTasks}) {
    for (const ObjectPtr& object : cache_.ListAll(*type)) {
      ++counts[std::string(type->kind)]
              [kube::StringAt(*object, {"status", "phase"}, "Pending")];
    }
  }
  return counts;
}

void Operator::ShutDown() {
  for (const auto& controller : controllers_) controller->queue().ShutDown();
  links_.Stop();
}

}  // namespace landwaiter::manager
