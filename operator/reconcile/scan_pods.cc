#include "operator/reconcile/scan_pods.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/model/digest.h"
#include "nlohmann/json.hpp"
#include "operator/api/conditions.h"
#include "operator/api/names.h"
#include "operator/api/reasons.h"
#include "operator/api/text.h"
#include "operator/jobs/credentials.h"
#include "operator/jobs/job_contract.h"
#include "operator/jobs/job_status.h"
#include "operator/reconcile/cluster_access.h"
#include "operator/reconcile/image_registry.h"
#include "operator/reconcile/job_runner.h"

namespace landwaiter::reconcile {
namespace {

using kube::Json;

constexpr uint64_t kItemsPerPod = 10;
constexpr absl::Duration kFirstDelay = absl::Seconds(2);
constexpr absl::Duration kLastDelay = absl::Seconds(300);

absl::Duration DelayAfter(int failures) {
  if (failures <= 1) return absl::ZeroDuration();
  return std::min(kFirstDelay * (1 << std::min(failures - 2, 10)), kLastDelay);
}

int PodsNeeded(const ScanPodsInput& input, absl::Time now) {
  if (!input.usable) return 0;
  // Work that has come due since the analyzer was asked counts as ready.
  uint64_t ready = input.work.ready;
  if (ready == 0 && input.work.next_available <= now) ready = 1;
  if (ready == 0) return 0;
  const uint64_t items = ready + input.work.leased;
  const uint64_t pods = (items + kItemsPerPod - 1) / kItemsPerPod;
  return static_cast<int>(
      std::min<uint64_t>(pods, static_cast<uint64_t>(input.max_pods)));
}

// "scan-name-1a2b3c4d-2" is of slot 2.
int SlotOf(const Json& job) {
  const std::string name = kube::NameOf(job);
  const size_t dash = name.rfind('-');
  if (dash == std::string::npos) return 0;
  return static_cast<int>(
      base::ParseInt64(std::string_view(name).substr(dash + 1)).value_or(0));
}

ScanJob ToScanJob(kube::ObjectPtr job) {
  const jobs::JobState state = jobs::StateOf(*job);
  ScanJob scan;
  scan.slot = SlotOf(*job);
  scan.finished = state.finished;
  scan.succeeded = state.succeeded;
  scan.suspended = state.suspended && !kube::IsBeingDeleted(*job);
  scan.finished_at = state.finished_at;
  scan.job = std::move(job);
  return scan;
}

std::string DescribeEnd(const Context& context, const Json& job) {
  for (const kube::ObjectPtr& pod : PodsOf(context, job)) {
    if (const auto end = jobs::TerminationOf(*pod)) {
      const Json result = Json::parse(end->message, nullptr, false);
      return api::Text(
          base::StrCat("Scan pod ", kube::NameOf(*pod), " ended with status ",
                       end->exit_code, " (", end->reason,
                       "): ", kube::StringAt(result, {"message"})),
          512);
    }
  }
  return api::Text(base::StrCat("Scan Job ", kube::NameOf(job),
                                " failed: ", jobs::StateOf(job).message),
                   512);
}

// A remote cluster that has only just come (back), and the registry does not
// know yet.
bool IsConnecting(const Json& cluster, const Json& registry) {
  if (kube::StringAt(cluster, {"spec", "connection", "type"}) == "Local") {
    return false;
  }
  const std::string reason = api::ReasonOfCondition(cluster, api::kReady);
  return reason == api::reason::kConnecting ||
         reason == api::reason::kUnreachable ||
         (reason == api::reason::kRunning &&
          api::ReasonOfCondition(registry, api::kReady) ==
              api::reason::kClusterNotRunning);
}

}  // namespace

ScanPodsPlan PlanScanPods(const ScanPodsInput& input, absl::Time now) {
  ScanPodsPlan plan;
  const int needed = PodsNeeded(input, now);
  std::set<int> taken;
  for (const ScanJob& job : input.jobs) {
    const absl::Time free_at = job.finished_at + DelayAfter(input.failures);
    if (!input.usable || (job.suspended && needed == 0) ||
        (job.finished && (job.succeeded || now >= free_at))) {
      plan.remove.push_back(job.job);
    } else if (job.suspended) {
      plan.start.push_back(job.slot);
    } else if (job.finished && needed > 0) {
      plan.again = std::min(plan.again, free_at);
    }
    taken.insert(job.slot);  // until it is gone from the cache, too
  }
  const int room = std::max(0, input.max_pods - input.others);
  // A failed Job keeps its slot and counts: the back-off is the registry's.
  int missing = std::min(needed, room) - static_cast<int>(taken.size());
  for (int slot = 0; slot < input.max_pods && missing > 0; ++slot) {
    if (taken.contains(slot)) continue;
    plan.start.push_back(slot);
    --missing;
  }
  if (input.usable && input.work.ready == 0 &&
      input.work.next_available > now) {
    plan.again = std::min(plan.again, input.work.next_available);
  }
  return plan;
}

ScanPodsReconciler::ScanPodsReconciler(
    const Context* context,
    std::function<void(const kube::ObjectKey& cluster)> on_forbidden)
    : context_(*context), on_forbidden_(std::move(on_forbidden)) {}

absl::StatusOr<absl::Time> ScanPodsReconciler::Reconcile(
    const kube::ObjectKey& key) {
  const kube::ObjectPtr object =
      context_.cache->Get(api::kImageRegistries, key);
  if (object == nullptr) return absl::InfiniteFuture();
  const auto registry = api::ImageRegistry::Parse(*object);
  if (!registry.ok()) return absl::InfiniteFuture();  // its status says so

  std::optional<api::RepositoryCluster> cluster;
  const kube::ObjectKey cluster_key{key.ns, registry->cluster};
  const kube::ObjectPtr found =
      context_.cache->Get(api::kRepositoryClusters, cluster_key);
  // Pods that run go on, though nobody can see them; its return wakes this.
  if (found != nullptr &&
      (IsAway(context_, *found) || IsConnecting(*found, *object))) {
    return absl::InfiniteFuture();
  }
  if (found != nullptr && api::HasTrueCondition(*found, api::kReady)) {
    if (auto parsed = api::RepositoryCluster::Parse(*found); parsed.ok()) {
      cluster = *std::move(parsed);
    }
  }
  const ScanPodsInput input =
      Gather(*object, *registry, cluster ? &*cluster : nullptr);
  const ScanPodsPlan plan = PlanScanPods(input, context_.clock->Now());
  for (const kube::ObjectPtr& job : plan.remove) {
    LANDWAITER_RETURN_IF_ERROR(DeleteJobUnlessAway(context_, *job));
  }
  for (const int slot : plan.start) {
    const absl::Status started = Start(*object, *registry, *cluster, slot);
    if (absl::IsPermissionDenied(started)) on_forbidden_(cluster_key);
    LANDWAITER_RETURN_IF_ERROR(
        base::WithContext(started, "starting a scan pod"));
  }
  return plan.again;
}

ScanPodsInput ScanPodsReconciler::Gather(
    const Json& object, const api::ImageRegistry& registry,
    const api::RepositoryCluster* cluster) {
  ScanPodsInput input;
  input.work = context_.work->Get(TenantOf(*context_.settings, registry.ns),
                                  registry.uid);
  input.usable = cluster != nullptr && !kube::IsBeingDeleted(object) &&
                 !registry.suspend &&
                 api::HasTrueCondition(object, api::kReady);
  for (kube::ObjectPtr& job :
       JobsOf(context_, jobs::JobKind::kScan, registry.uid)) {
    input.jobs.push_back(ToScanJob(std::move(job)));
  }
  input.failures = NoteEnds(object, registry.uid, input.jobs);
  if (cluster == nullptr) return input;
  input.max_pods = cluster->max_pods;
  for (const kube::ObjectPtr& job : JobsIn(context_, cluster->uid)) {
    if (kube::LabelOf(*job, api::kJobLabel) == "scan" &&
        kube::LabelOf(*job, api::kRegistryUidLabel) != registry.uid &&
        !jobs::StateOf(*job).finished) {
      ++input.others;
    }
  }
  return input;
}

int ScanPodsReconciler::NoteEnds(const Json& object, const std::string& uid,
                                 const std::vector<ScanJob>& jobs) {
  std::vector<const ScanJob*> newly_failed;
  int in_a_row = 0;
  {
    absl::MutexLock lock(&mutex_);
    Failures& failures = failures_[uid];
    std::set<std::string> counted;
    for (const ScanJob& job : jobs) {
      if (!job.finished) continue;
      if (job.succeeded) {
        failures.in_a_row = 0;
        continue;
      }
      const std::string job_uid = kube::UidOf(*job.job);
      if (!failures.counted.contains(job_uid)) {
        ++failures.in_a_row;
        newly_failed.push_back(&job);
      }
      counted.insert(job_uid);
    }
    failures.counted = std::move(counted);
    in_a_row = failures.in_a_row;
    if (in_a_row == 0) failures_.erase(uid);
  }
  for (const ScanJob* job : newly_failed) TellFailure(object, *job);
  return in_a_row;
}

void ScanPodsReconciler::TellFailure(const Json& registry, const ScanJob& job) {
  context_.events->Event(registry, kube::EventType::kWarning,
                         api::reason::kScanPodFailed, "Scan",
                         DescribeEnd(context_, *job.job));
}

absl::Status ScanPodsReconciler::Start(const Json& object,
                                       const api::ImageRegistry& registry,
                                       const api::RepositoryCluster& cluster,
                                       int slot) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::string scan_namespace,
                              ScanNamespaceOf(cluster, *context_.settings));
  jobs::JobRequest request;
  request.kind = jobs::JobKind::kScan;
  request.name =
      jobs::JobName(jobs::JobKind::kScan, registry, base::StrCat(slot));
  request.ns = scan_namespace;
  request.component = context_.settings->component;
  if (const auto digest = model::Digest::Parse(
          kube::StringAt(object, {"status", "scanComponent", "digest"}));
      digest.ok()) {
    request.component_digest = digest->text();
  }
  request.registry = registry;
  request.cluster = cluster;
  return StartJob(
      context_, std::move(request), [&]() -> absl::StatusOr<jobs::SecretFiles> {
        LANDWAITER_ASSIGN_OR_RETURN(
            jobs::Credentials credentials,
            jobs::ResolveCredentials(registry, [&](const std::string& name) {
              return FindSecret(context_, registry.ns, name);
            }));
        LANDWAITER_ASSIGN_OR_RETURN(
            model::AgentToken token,
            context_.analyzer->IssueAgentToken(
                TenantOf(*context_.settings, registry.ns), cluster.uid,
                registry.uid));
        jobs::SecretFiles files = std::move(credentials.files);
        std::string ca = context_.analyzer_ca();
        if (ca.empty()) {
          return absl::UnavailableError("the analyzer's CA is not there yet");
        }
        files[std::string(jobs::kTokenFile)] = std::move(token.token);
        files[std::string(jobs::kAnalyzerCaFile)] = std::move(ca);
        return files;
      });
}

}  // namespace landwaiter::reconcile
