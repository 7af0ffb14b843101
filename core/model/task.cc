#include "core/model/task.h"

namespace landwaiter::model {

bool IsTerminal(TaskPhase phase) {
  switch (phase) {
    case TaskPhase::kSucceeded:
    case TaskPhase::kPartiallySucceeded:
    case TaskPhase::kFailed:
    case TaskPhase::kTimedOut:
    case TaskPhase::kCancelled:
      return true;
    case TaskPhase::kUnknown:
    case TaskPhase::kPending:
    case TaskPhase::kDiscovering:
    case TaskPhase::kRunning:
      return false;
  }
  return false;
}

}  // namespace landwaiter::model
