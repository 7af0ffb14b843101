#include "operator/kube/leader_election.h"

#include <utility>

#include "core/base/failure.h"
#include "nlohmann/json.hpp"
#include "operator/kube/status.h"

namespace landwaiter::kube {
namespace {

// The factor by which client-go stretches the retry period.
constexpr double kJitterFactor = 1.2;

int64_t Transitions(const Json& lease) {
  const Json* value = Find(lease, {"spec", "leaseTransitions"});
  return value != nullptr && value->is_number_integer() ? value->get<int64_t>()
                                                        : 0;
}

}  // namespace

absl::Status Validate(const LeaderElectionOptions& options) {
  if (options.identity.empty()) {
    return absl::InvalidArgumentError("leader election: identity is empty");
  }
  if (options.lease_duration <= options.renew_deadline) {
    return absl::InvalidArgumentError(
        "leader election: the lease must outlast the renew deadline");
  }
  if (options.renew_deadline <= kJitterFactor * options.retry_period ||
      options.retry_period <= absl::ZeroDuration()) {
    return absl::InvalidArgumentError(
        "leader election: the renew deadline must be more than 1.2 retry "
        "periods");
  }
  return absl::OkStatus();
}

LeaderElector::LeaderElector(KubeClient* client, LeaderElectionOptions options)
    : client_(client), options_(std::move(options)) {}

bool LeaderElector::IsLeader(absl::Time now) const {
  return absl::ToUnixNanos(now) < leads_until_.load();
}

absl::Time LeaderElector::LeadsUntil() const {
  return absl::FromUnixNanos(leads_until_.load());
}

absl::Time LeaderElector::Step(absl::Time now) {
  last_error_ = TryAcquireOrRenew(now);
  if (last_error_.ok() && HeldByUs()) {
    // Counted from before the call: the server may have stored it at once.
    leads_until_ = absl::ToUnixNanos(now + options_.renew_deadline);
  } else if (!HeldByUs()) {
    leads_until_ = 0;
  }
  return now + options_.retry_period;
}

absl::Status LeaderElector::TryAcquireOrRenew(absl::Time now) {
  absl::StatusOr<Json> lease = client_->Get(kLeases, options_.lease);
  if (absl::IsNotFound(lease.status())) return CreateLease(now);
  if (!lease.ok()) return lease.status();
  Observe(*lease, now);
  if (HeldByAnother(now)) return absl::OkStatus();
  return UpdateLease(*std::move(lease), now);
}

absl::Status LeaderElector::CreateLease(absl::Time now) {
  Json spec = SpecAt(now);
  spec["acquireTime"] = MicroTimeText(now);
  spec["leaseTransitions"] = 0;
  Json lease = {
      {"metadata",
       {{"name", options_.lease.name}, {"namespace", options_.lease.ns}}},
      {"spec", std::move(spec)}};
  absl::StatusOr<Json> created = client_->Create(kLeases, lease);
  // Another was faster: no failure, we see it at the next step.
  if (absl::IsAlreadyExists(created.status())) return absl::OkStatus();
  if (!created.ok()) return created.status();
  Observe(*created, now);
  return absl::OkStatus();
}

absl::Status LeaderElector::UpdateLease(Json lease, absl::Time now) {
  Json& spec = lease["spec"];
  if (!spec.is_object()) spec = Json::object();
  const int64_t transitions = Transitions(lease);
  const bool acquiring = !HeldByUs();
  spec.update(SpecAt(now));
  if (acquiring) {
    spec["acquireTime"] = MicroTimeText(now);
    spec["leaseTransitions"] = transitions + 1;
  }
  // With the resourceVersion that was read: only one of several wins.
  absl::StatusOr<Json> updated = client_->Update(kLeases, lease);
  if (IsConflict(updated.status()) && acquiring) return absl::OkStatus();
  if (!updated.ok()) return updated.status();
  Observe(*updated, now);
  return absl::OkStatus();
}

Json LeaderElector::SpecAt(absl::Time now) const {
  return {
      {"holderIdentity", options_.identity},
      {"leaseDurationSeconds", absl::ToInt64Seconds(options_.lease_duration)},
      {"renewTime", MicroTimeText(now)}};
}

void LeaderElector::Observe(const Json& lease, absl::Time now) {
  const Json* spec = Find(lease, {"spec"});
  std::string record = spec == nullptr ? "" : spec->dump();
  if (record == observed_record_) return;
  observed_record_ = std::move(record);
  observed_at_ = now;
  observed_holder_ = StringAt(lease, {"spec", "holderIdentity"});
  const Json* seconds = Find(lease, {"spec", "leaseDurationSeconds"});
  observed_duration_ = seconds != nullptr && seconds->is_number_integer()
                           ? absl::Seconds(seconds->get<int64_t>())
                           : options_.lease_duration;
}

bool LeaderElector::HeldByAnother(absl::Time now) const {
  return !observed_holder_.empty() && !HeldByUs() &&
         now < observed_at_ + observed_duration_;
}

absl::Status LeaderElector::Release(absl::Time now) {
  if (!HeldByUs()) return absl::OkStatus();
  leads_until_ = 0;
  LANDWAITER_ASSIGN_OR_RETURN(Json lease,
                              client_->Get(kLeases, options_.lease));
  Observe(lease, now);
  if (!HeldByUs()) return absl::OkStatus();
  lease["spec"].update(Json{{"holderIdentity", ""},
                            {"leaseDurationSeconds", 1},
                            {"renewTime", MicroTimeText(now)},
                            {"acquireTime", MicroTimeText(now)}});
  LANDWAITER_ASSIGN_OR_RETURN(Json updated, client_->Update(kLeases, lease));
  Observe(updated, now);
  return absl::OkStatus();
}

}  // namespace landwaiter::kube
