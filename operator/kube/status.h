#ifndef LANDWAITER_OPERATOR_KUBE_STATUS_H_
#define LANDWAITER_OPERATOR_KUBE_STATUS_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "operator/kube/object.h"

namespace landwaiter::kube {

// The error of an answer with HTTP status `code` (400 and up) and a body that
// holds a metav1.Status (or anything else: then the message says only the
// code). The codes are those of KubeClient; reason and Retry-After ride as
// payloads.
absl::Status StatusOfAnswer(int code, std::string_view body,
                            std::optional<absl::Duration> retry_after = {});
// The same for a metav1.Status object (the object of a watch's ERROR event).
absl::Status StatusOfObject(const Json& status);

// An error with a metav1 reason ("AlreadyExists", "Expired", "Conflict").
absl::Status StatusWithReason(absl::StatusCode code, std::string_view reason,
                              std::string_view message);
// The metav1 reason, empty if there is none.
std::string ReasonOf(const absl::Status& status);

// What the server asked for with Retry-After.
std::optional<absl::Duration> RetryAfterOf(const absl::Status& status);
absl::Status WithRetryAfter(absl::Status status, absl::Duration delay);

// 410: the resourceVersion or the continue token is no longer known.
bool IsExpired(const absl::Status& status);
// The server has not yet seen the resourceVersion that was asked for.
bool IsTooLargeResourceVersion(const absl::Status& status);
// 409 of a resourceVersion or a precondition (not AlreadyExists).
bool IsConflict(const absl::Status& status);

}  // namespace landwaiter::kube

#endif  // LANDWAITER_OPERATOR_KUBE_STATUS_H_
