#ifndef LANDWAITER_OPERATOR_RECONCILE_STATUS_WRITER_H_
#define LANDWAITER_OPERATOR_RECONCILE_STATUS_WRITER_H_

#include <map>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "operator/reconcile/context.h"

namespace landwaiter::reconcile {

// Writes the statuses of one kind: never one that is there already, and at
// most one in 10 s an object apart from transitions (the phase, or a
// condition's status or reason, changes) and records of Jobs that ended. A
// transition of the phase or of Ready is also told as an event. Thread-safe.
class StatusWriter {
 public:
  // Both outlive the writer.
  StatusWriter(const Context* context, const kube::ResourceType* type);

  // `object` as it was read, `status` whole (conditions included);
  // observedGeneration is added. Returns when to come again with a write that
  // was held back; InfiniteFuture if there is none. ABORTED: `object` is old.
  absl::StatusOr<absl::Time> Write(const kube::Json& object, kube::Json status);

 private:
  bool HeldBack(const std::string& uid, absl::Time now, absl::Time* until)
      ABSL_LOCKS_EXCLUDED(mutex_);
  void NoteWrite(const std::string& uid, absl::Time now)
      ABSL_LOCKS_EXCLUDED(mutex_);
  void TellTransition(const kube::Json& object, const kube::Json& status);

  const Context& context_;
  const kube::ResourceType& type_;
  absl::Mutex mutex_;
  std::map<std::string, absl::Time> written_ ABSL_GUARDED_BY(mutex_);  // uid
};

}  // namespace landwaiter::reconcile

#endif  // LANDWAITER_OPERATOR_RECONCILE_STATUS_WRITER_H_
