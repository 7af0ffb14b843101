#include "tests/simulation/sim_kubelet.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "operator/api/names.h"
#include "operator/kube/object.h"

namespace landwaiter::simulation {

using kube::Json;

void SimKubelet::Run() {
  while (true) {
    scheduler_.SleepUntil(scheduler_.now() +
                          absl::Milliseconds(1000 + scheduler_.Draw(5000)));
    const auto jobs = kube_.List(kube::kJobs, ns_, {});
    if (!jobs.ok()) continue;
    for (const Json& job : jobs->items) {
      if (!job["spec"].value("suspend", false) &&
          started_.insert(kube::UidOf(job)).second) {
        Start(job);
      }
    }
  }
}

void SimKubelet::Start(const Json& job) {
  const kube::ObjectKey key = kube::KeyOf(job);
  const std::string label(api::kJobLabel);
  if (job["metadata"]["labels"].value(label, "") == "verify") {
    scheduler_.Spawn("verify", [this, key] {
      scheduler_.SleepUntil(scheduler_.now() + absl::Seconds(2));
      Finish(key, true, R"({"ok":true,"detectedVersion":"V2"})");
    });
    return;
  }
  const int copies = scheduler_.Chance(budget_.network) ? 2 : 1;
  for (int i = 0; i < copies; ++i) {
    ++pods_started_;
    scheduler_.Spawn("pod", [this, key, first = i == 0] {
      // A pod that is killed unwinds here and leaves a failed Job behind,
      // which somebody who is still alive has to write.
      bool ended = false;
      struct Report {
        SimKubelet& kubelet;
        const kube::ObjectKey& key;
        const bool& ended;
        bool first;
        ~Report() {
          if (first) kubelet.Finish(key, ended, R"({"ok":true})");
        }
      } report{*this, key, ended, first};
      run_pod_();
      ended = true;
    });
  }
}

void SimKubelet::Finish(const kube::ObjectKey& key, bool succeeded,
                        const std::string& message) {
  auto job = kube_.Get(kube::kJobs, key);
  if (!job.ok()) return;
  Json pod = {
      {"apiVersion", "v1"},
      {"kind", "Pod"},
      {"metadata",
       {{"generateName", key.name + "-"},
        {"namespace", key.ns},
        {"labels", (*job)["spec"]["template"]["metadata"]["labels"]},
        {"ownerReferences", Json::array({{{"apiVersion", "batch/v1"},
                                          {"kind", "Job"},
                                          {"name", key.name},
                                          {"uid", kube::UidOf(*job)}}})}}}};
  auto created = kube_.Create(kube::kPods, pod);
  if (created.ok()) {
    pod = *std::move(created);
    pod["status"] = {
        {"phase", succeeded ? "Succeeded" : "Failed"},
        {"containerStatuses",
         Json::array({{{"state",
                        {{"terminated",
                          {{"exitCode", succeeded ? 0 : 137},
                           {"reason", succeeded ? "Completed" : "Error"},
                           {"message", succeeded ? message : ""}}}}}}})}};
    kube_.UpdateStatus(kube::kPods, pod).IgnoreError();
  }
  (*job)["status"]["conditions"] =
      Json::array({{{"type", succeeded ? "Complete" : "Failed"},
                    {"status", "True"},
                    {"lastTransitionTime", kube::TimeText(scheduler_.now())}}});
  kube_.UpdateStatus(kube::kJobs, *job).IgnoreError();
}

}  // namespace landwaiter::simulation
