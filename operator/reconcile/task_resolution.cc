#include "operator/reconcile/task_resolution.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_join.h"
#include "core/base/strings.h"
#include "core/model/image_reference.h"
#include "nlohmann/json.hpp"
#include "operator/api/names.h"
#include "operator/api/reasons.h"
#include "operator/api/scan_policy.h"
#include "operator/reconcile/image_registry.h"

namespace landwaiter::reconcile {
namespace {

namespace reason = api::reason;

void Stop(ResolvedTask& resolved, std::string_view problem, std::string message,
          bool final = false) {
  if (!resolved.problem.empty()) return;
  resolved.problem = problem;
  resolved.message = std::move(message);
  resolved.final = final;
}

bool Listed(const std::vector<std::string>& list, const std::string& value) {
  return list.empty() ||
         std::find(list.begin(), list.end(), value) != list.end();
}

struct Candidate {
  kube::ObjectPtr object;
  api::ImageRegistry registry;
};

std::vector<Candidate> CandidatesOf(const Cache& cache, const std::string& ns) {
  std::vector<Candidate> candidates;
  for (kube::ObjectPtr& object : cache.List(api::kImageRegistries, ns)) {
    auto registry = api::ImageRegistry::Parse(*object);
    if (!registry.ok() || kube::IsBeingDeleted(*object)) continue;
    candidates.push_back({std::move(object), *std::move(registry)});
  }
  return candidates;
}

constexpr std::string_view kNeverScanned =
    " is an ACR of the Personal edition: its images are listed, never scanned";

// Takes the candidate in, or says why not.
void Take(const Candidate& candidate, bool named, ResolvedTask& resolved) {
  const std::string missing = NotImplementedIn(candidate.registry);
  if (!missing.empty()) {
    const std::string message =
        base::StrCat("ImageRegistry ", candidate.registry.name, ": ", missing);
    if (named) {
      Stop(resolved, reason::kNotImplemented, message, true);
    } else {
      resolved.notes.push_back("Left out: " + message);
    }
    return;
  }
  if (candidate.registry.suspend && !named) {
    resolved.notes.push_back(base::StrCat(
        "Left out: ImageRegistry ", candidate.registry.name, " is suspended"));
    return;
  }
  if (candidate.registry.IsListedOnly() &&
      resolved.spec.type != model::TaskType::kImageSync) {
    resolved.notes.push_back(base::StrCat(
        "Left out: ImageRegistry ", candidate.registry.name, kNeverScanned));
    resolved.listed_only = true;
    return;
  }
  resolved.registries.push_back(candidate.registry);
}

void SelectRegistries(const std::vector<Candidate>& candidates,
                      const api::ScopeSpec& scope, ResolvedTask& resolved) {
  for (const std::string& name : scope.registry_names) {
    const bool known = std::any_of(
        candidates.begin(), candidates.end(),
        [&](const Candidate& c) { return c.registry.name == name; });
    if (!known) {
      Stop(resolved, reason::kRegistryNotFound,
           base::StrCat("there is no ImageRegistry ", name));
    }
  }
  for (const Candidate& candidate : candidates) {
    if (!Listed(scope.registry_names, candidate.registry.name) ||
        !Listed(scope.registry_types, candidate.registry.type) ||
        !scope.selector.Matches(*candidate.object)) {
      continue;
    }
    Take(candidate, !scope.registry_names.empty(), resolved);
  }
}

// "host/repository@digest" belongs to the registry of that host.
void SelectImages(const std::vector<Candidate>& candidates,
                  const std::vector<std::string>& images,
                  ResolvedTask& resolved) {
  std::set<std::string> taken;
  for (const std::string& image : images) {
    const auto reference = model::ImageReference::Parse(image);
    if (!reference.ok()) {
      Stop(resolved, reason::kInvalidSpec,
           base::StrCat("spec.images: ",
                        std::string(reference.status().message())),
           true);
      return;
    }
    const auto candidate = std::find_if(
        candidates.begin(), candidates.end(), [&](const Candidate& c) {
          return c.registry.host == base::ToLower(reference->host);
        });
    if (candidate == candidates.end()) {
      Stop(resolved, reason::kRegistryNotFound,
           base::StrCat("spec.images: no ImageRegistry has the host ",
                        reference->host));
      return;
    }
    if (taken.insert(candidate->registry.uid).second) {
      Take(*candidate, true, resolved);
    }
    resolved.spec.scope.images.push_back(base::StrCat(
        candidate->registry.host, "/", reference->repository,
        reference->digest.empty() ? ":" : "@", reference->TagOrDigest()));
  }
}

void TakePolicy(const Cache& cache, const api::ScanTask& task,
                ResolvedTask& resolved, std::optional<api::ScopeSpec>& scope) {
  const kube::ObjectPtr object =
      cache.Get(api::kScanPolicies, {task.ns, task.policy});
  if (object == nullptr) {
    Stop(resolved, reason::kPolicyNotFound,
         base::StrCat("spec.policyRef: there is no ScanPolicy ", task.policy));
    return;
  }
  auto policy = api::ScanPolicy::Parse(*object);
  if (!policy.ok()) {
    Stop(resolved, reason::kInvalidSpec,
         base::StrCat("ScanPolicy ", task.policy, ": ",
                      std::string(policy.status().message())));
    return;
  }
  const std::vector<std::string> missing =
      api::ItemsNotImplemented(policy->items);
  if (!missing.empty()) {
    resolved.notes.push_back(base::StrCat(
        "Not looked for, since not built yet: ", absl::StrJoin(missing, ", ")));
  }
  if (missing.size() == policy->items.size() && !missing.empty()) {
    Stop(resolved, reason::kNotImplemented,
         base::StrCat("ScanPolicy ", task.policy,
                      ": none of its items is built yet; use "
                      "SystemVulnerabilities or ApplicationVulnerabilities"),
         true);
  }
  if (!policy->items.empty()) {
    const auto wants = [&](std::string_view item) {
      return std::find(policy->items.begin(), policy->items.end(), item) !=
             policy->items.end();
    };
    resolved.spec.system_vulnerabilities = wants("SystemVulnerabilities");
    resolved.spec.application_vulnerabilities =
        wants("ApplicationVulnerabilities");
  }
  resolved.spec.timeout = policy->timeout;
  resolved.spec.parallelism = policy->parallelism;
  scope = std::move(policy->scope);
}

void TakeRetried(const Cache& cache, const api::ScanTask& task,
                 ResolvedTask& resolved) {
  const kube::ObjectPtr object =
      cache.Get(api::kScanTasks, {task.ns, task.retry_of});
  if (object == nullptr) {
    Stop(resolved, reason::kTaskNotFound,
         base::StrCat("spec.retryOf: there is no ScanTask ", task.retry_of));
    return;
  }
  resolved.spec.retry_of = kube::UidOf(*object);
}

}  // namespace

ResolvedTask ResolveTask(const Cache& cache, const api::ScanTask& task) {
  ResolvedTask resolved;
  model::TaskSpec& spec = resolved.spec;
  spec.uid = task.uid;
  spec.name = task.name;
  spec.type = task.type;
  spec.force = task.force;
  // What a person waits for goes before what a clock started.
  spec.interactive = task.trigger.empty() || task.trigger == "annotation";

  if (task.type != model::TaskType::kImageSync &&
      task.type != model::TaskType::kImageScan) {
    Stop(resolved, reason::kNotImplemented,
         base::StrCat("spec.type: tasks of type ", task.type_name,
                      " are not built yet"),
         true);
    return resolved;
  }
  std::optional<api::ScopeSpec> scope = task.scope;
  if (!task.policy.empty()) TakePolicy(cache, task, resolved, scope);
  if (!task.retry_of.empty()) TakeRetried(cache, task, resolved);
  if (!scope) scope.emplace();
  if (!scope->auto_add_repositories) {
    Stop(resolved, reason::kNotImplemented,
         "scope.autoAddRepositories: a frozen set of repositories is not "
         "built yet; use true",
         true);
  }
  spec.scope = scope->scope;
  const std::vector<Candidate> candidates = CandidatesOf(cache, task.ns);
  if (task.images.empty()) {
    SelectRegistries(candidates, *scope, resolved);
  } else {
    SelectImages(candidates, task.images, resolved);
  }
  if (resolved.registries.empty() && resolved.listed_only) {
    Stop(resolved, reason::kNeverScanned,
         base::StrCat("every ImageRegistry of the scope", kNeverScanned), true);
  }
  if (resolved.registries.empty()) {
    Stop(resolved, reason::kNoRegistry,
         "no ImageRegistry of the namespace matches");
  }
  for (const api::ImageRegistry& registry : resolved.registries) {
    spec.registries.push_back(registry.uid);
  }
  return resolved;
}

}  // namespace landwaiter::reconcile
