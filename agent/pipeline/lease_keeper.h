#ifndef LANDWAITER_AGENT_PIPELINE_LEASE_KEEPER_H_
#define LANDWAITER_AGENT_PIPELINE_LEASE_KEEPER_H_

#include <map>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "agent/submit/work_client.h"
#include "core/base/failpoint.h"
#include "core/model/work.h"

namespace landwaiter::agent::pipeline {

// The leases that this pod holds. Somebody (a thread of the program, an actor
// of the simulation) calls Beat() as often as Interval() says; the pipeline
// asks Holds() before it begins the next step of an item. Thread-safe.
class LeaseKeeper {
 public:
  LeaseKeeper(submit::WorkClient& client, base::Failpoints& failpoints)
      : client_(client), failpoints_(failpoints) {}

  void Add(const model::WorkItem& item);
  void Remove(const std::string& item_id);
  // False once the analyzer has said that the item is somebody else's.
  bool Holds(const std::string& item_id);

  // Prolongs every lease, and the token. UNAUTHENTICATED: the pod's work has
  // ended; other errors leave things as they are until the next beat.
  absl::Status Beat();
  // A third of the shortest lease, at least a second; 20 s without a lease, so
  // that the token stays fresh.
  absl::Duration Interval();

 private:
  struct Held {
    model::LeaseRef lease;
    absl::Duration length;
    bool lost = false;
  };
  submit::WorkClient& client_;
  base::Failpoints& failpoints_;
  absl::Mutex mutex_;
  std::map<std::string, Held> held_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace landwaiter::agent::pipeline

#endif  // LANDWAITER_AGENT_PIPELINE_LEASE_KEEPER_H_
