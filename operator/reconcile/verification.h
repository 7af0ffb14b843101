#ifndef LANDWAITER_OPERATOR_RECONCILE_VERIFICATION_H_
#define LANDWAITER_OPERATOR_RECONCILE_VERIFICATION_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "operator/jobs/job_builder.h"
#include "operator/jobs/job_status.h"
#include "operator/kube/object.h"
#include "operator/reconcile/context.h"

namespace landwaiter::reconcile {

// How the trying of a registry's connection goes on: pure decisions on
// status.verification and the Jobs that there are.

// status.verification: the last try that ended.
struct Verification {
  std::string fingerprint;
  absl::Time time = absl::InfinitePast();  // InfinitePast: never tried
  absl::Time next = absl::InfiniteFuture();
  int failures = 0;
  int doubts = 0;  // tries in a row that a failed listing brought forward

  static Verification FromStatus(const kube::Json& object);
  kube::Json ToJson() const;
};

// Changes with everything that a try depends on: all that its Job is told, the
// credentials (by version, not by content), the cluster, the scan component,
// and the annotation landwaiter.dev/verify. `request` is of a verify Job; its
// names do not count.
std::string FingerprintOf(const jobs::JobRequest& request,
                          const std::string& credentials_version);

// What tells the Jobs of successive tries apart; the same until a try is
// recorded, so that a try is never made twice.
std::string AttemptId(const Verification& last, const std::string& fingerprint);

// A Job of the present attempt, with its pods.
struct AttemptJob {
  kube::ObjectPtr job;
  std::vector<kube::ObjectPtr> pods;
};

// Cause of ScanComponentMissing while the kubelet cannot pull the image.
inline constexpr std::string_view kCauseImagePull = "ImagePull";

// The Job of this key on the cluster, with its pods.
std::optional<AttemptJob> FindAttempt(const Context& context,
                                      const api::RepositoryCluster& cluster,
                                      const kube::ObjectKey& key);

struct VerificationStep {
  enum Kind {
    kNone,    // nothing is due
    kStart,   // StartJob (it goes on where an earlier start was cut short)
    kWait,    // the Job runs; `message` says what it waits for, if known
    kRecord,  // it ended: `result`
  };
  Kind kind = kNone;
  absl::Time again = absl::InfiniteFuture();
  std::string message;
  jobs::VerifyResult result;
  // kRecord: what the pod left, if it ended by itself.
  std::optional<jobs::Termination> termination;
};

// When the next try is due: `last.next`, or before, because a listing failed at
// `doubted` for what may be the connection's fault (InfinitePast: none did). A
// minute after the last try at the earliest, then after 2, 4 ... minutes, at
// most `interval`, as long as listings fail though the connection is found
// good. What is known to be broken already is not brought forward, so that a
// wrong password is not sent again.
absl::Time NextAfterDoubt(const Verification& last, absl::Time doubted,
                          absl::Duration interval);

VerificationStep NextStep(const Verification& last,
                          const std::string& fingerprint,
                          const std::optional<AttemptJob>& attempt,
                          absl::Time now);

// What is kept of a try that ended. A registry that can be used is tried again
// after `interval`; a fault of the network after 1, 2, 4 ... 30 minutes; a
// refusal (wrong password, no rights, wrong version) only when something
// changes, so that no account is locked by it. `doubted` is NextAfterDoubt's.
Verification Record(const Verification& last, const std::string& fingerprint,
                    const jobs::VerifyResult& result, absl::Duration interval,
                    absl::Time doubted, absl::Time now);

}  // namespace landwaiter::reconcile

#endif  // LANDWAITER_OPERATOR_RECONCILE_VERIFICATION_H_
