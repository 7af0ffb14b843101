#ifndef LANDWAITER_OPERATOR_KUBE_LEADER_ELECTION_H_
#define LANDWAITER_OPERATOR_KUBE_LEADER_ELECTION_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "operator/kube/client.h"

namespace landwaiter::kube {

struct LeaderElectionOptions {
  ObjectKey lease;
  std::string identity;  // unique to the process: pod name and a random part
  // client-go's. lease > renew > retry, or the constructor's caller is told.
  absl::Duration lease_duration = absl::Seconds(15);
  absl::Duration renew_deadline = absl::Seconds(10);
  absl::Duration retry_period = absl::Seconds(2);
};
absl::Status Validate(const LeaderElectionOptions& options);

// Who among several processes may act, by a coordination.k8s.io/v1 Lease, with
// client-go's rules. Clocks of different machines are never compared: a lease
// has run out when `lease_duration` has passed on *our* clock since *we* saw
// it change. A leader that could not renew for `renew_deadline` is none any
// more, so that it stops before another starts.
//
// This is not a fence: a leader that stalls past its lease (a paused machine)
// may still have a write under way when the next one starts. Every write must
// therefore be safe on its own: resourceVersion, deterministic names, and the
// analyzer's fences.
//
// A step makes two calls at most; its owner tells the time and waits. The
// client should be one for this purpose alone (its requests queue behind no
// others), without retries, and with a request timeout of at most half of what
// the lease outlasts the renew deadline (2.5 s): then a step that hangs ends
// before another process may lead.
// Threads: Step and Release from one; the others from any.
class LeaderElector {
 public:
  // `client` outlives the elector. REQUIRES: Validate(options).ok()
  LeaderElector(KubeClient* client, LeaderElectionOptions options);

  // Tries once to get or renew the lease. Returns when to call again.
  absl::Time Step(absl::Time now);
  // Gives the lease back, so that another need not wait for it to run out.
  absl::Status Release(absl::Time now);

  // False as soon as the renew deadline has passed, whether or not a step was
  // made since.
  bool IsLeader(absl::Time now) const;
  // When leadership ends unless it is renewed; the past if we do not lead.
  absl::Time LeadsUntil() const;
  // Empty while unknown, or free. From the thread that steps.
  const std::string& leader() const { return observed_holder_; }
  // Why the last step failed; that another leads is no failure.
  const absl::Status& last_error() const { return last_error_; }
  const LeaderElectionOptions& options() const { return options_; }

 private:
  absl::Status TryAcquireOrRenew(absl::Time now);
  absl::Status CreateLease(absl::Time now);
  absl::Status UpdateLease(Json lease, absl::Time now);
  void Observe(const Json& lease, absl::Time now);
  bool HeldByAnother(absl::Time now) const;
  bool HeldByUs() const { return observed_holder_ == options_.identity; }
  Json SpecAt(absl::Time now) const;

  KubeClient* const client_;
  const LeaderElectionOptions options_;
  std::string observed_holder_;
  std::string observed_record_;  // the spec, as text: any change counts
  absl::Time observed_at_ = absl::InfinitePast();
  absl::Duration observed_duration_;
  absl::Status last_error_;
  // Nanoseconds since the epoch; we lead before it.
  std::atomic<int64_t> leads_until_ = 0;
};

}  // namespace landwaiter::kube

#endif  // LANDWAITER_OPERATOR_KUBE_LEADER_ELECTION_H_
