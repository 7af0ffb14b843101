#ifndef LANDWAITER_AGENT_INSPECT_PROGRESS_H_
#define LANDWAITER_AGENT_INSPECT_PROGRESS_H_

#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "agent/inspect/image_scan.h"
#include "core/base/clock.h"

namespace landwaiter::agent::inspect {

// A line on standard error that tells how far a scan is, if that is a
// terminal; else nothing. Gone on destruction. Thread-safe.
class Progress : public ScanObserver {
 public:
  // `clock` must outlive this.
  explicit Progress(base::Clock& clock);
  ~Progress() override;

  void OnImage(size_t layers, uint64_t bytes) override;
  void OnBytes(uint64_t bytes) override;
  void OnLayerDone() override;

 private:
  void Draw() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  base::Clock& clock_;
  const bool terminal_;
  absl::Mutex mutex_;
  size_t layers_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t layers_done_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t bytes_done_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Time drawn_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace landwaiter::agent::inspect

#endif  // LANDWAITER_AGENT_INSPECT_PROGRESS_H_
