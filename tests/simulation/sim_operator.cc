#include "tests/simulation/sim_operator.h"

#include <algorithm>
#include <string>
#include <utility>

namespace landwaiter::simulation {

void SimOperator::OnChange(const model::Change& change) {
  if (changes_.size() < 1000) changes_.push_back(change);
}

void SimOperator::Supervise() {
  while (true) {
    const auto leader = scheduler_.Spawn("operator", [this] { Lead(); });
    while (scheduler_.Alive(leader)) {
      scheduler_.SleepUntil(scheduler_.now() + absl::Seconds(5));
    }
    // The other replica waits for the Lease to run out.
    scheduler_.SleepUntil(scheduler_.now() + absl::Seconds(15));
  }
}

void SimOperator::DisturbTheApiServer() {
  if (scheduler_.Chance(budget_.network / 10)) kube_.DropWatches();
  if (scheduler_.Chance(budget_.network / 10)) kube_.Compact();
}

void SimOperator::Lead() {
  manager::OperatorOptions options;
  options.kube = &kube_;
  options.analyzer = &analyzer_;
  options.clock = &clock_;
  options.failpoints = &failpoints_;
  options.events = &events_;
  options.settings.cluster_uid = kClusterUid;
  options.settings.component.image = "agent@sha256:00";
  options.settings.component.analyzer_address = "analyzer:8443";
  options.settings.scan_namespaces = {kScanNamespace};
  options.namespaces = {kUserNamespace};
  options.analyzer_ca = [] { return std::string("CA"); };
  manager::Operator op(std::move(options));
  std::vector<std::unique_ptr<kube::SteppedInformer>> informers;
  for (kube::Informer* informer : op.informers()) {
    informers.push_back(
        std::make_unique<kube::SteppedInformer>(&kube_, &clock_, informer));
  }
  changes_.clear();
  bool told = false;
  absl::Duration rest = absl::Seconds(1);
  while (true) {
    DisturbTheApiServer();
    for (const auto& informer : informers) informer->Settle();
    if (op.HasSynced()) {
      // As a new connection to the analyzer begins: read everything.
      if (!std::exchange(told, true)) op.OnChange({});
      while (!changes_.empty()) {
        op.OnChange(changes_.front());
        changes_.pop_front();
      }
      bool worked = false;
      for (manager::Controller* controller : op.controllers()) {
        worked = controller->Step() || worked;
      }
      if (worked) {
        rest = absl::Seconds(1);
        continue;
      }
    }
    scheduler_.SleepUntil(scheduler_.now() + rest);
    // Events may wait a little when nothing has happened for a while.
    rest = std::min(rest * 2, absl::Seconds(15));
  }
}

}  // namespace landwaiter::simulation
