#ifndef LANDWAITER_ANALYZER_QUEUE_DISCOVERY_H_
#define LANDWAITER_ANALYZER_QUEUE_DISCOVERY_H_

#include <string>

#include "absl/status/status.h"
#include "analyzer/queue/environment.h"

// From a task's scope to its items: first what must be listed, then, when the
// listings are through, the images.
namespace landwaiter::analyzer::queue {

// Makes the task's first items. REQUIRES: the task's row is there, in phase
// kPending. INVALID_ARGUMENT for images that cannot be read; NOT_FOUND for a
// task to retry that is not known.
absl::Status StartTask(Step& step, store::TaskRow& task);

// Adds the item that lists a repository which a listing named, if the task is
// for it. If the registry says of it what it said before the last complete
// listing (`state`; empty: it says nothing), the item is done already; but not
// for a task that says `force`, nor a day after that listing.
absl::Status AddRepository(Step& step, const store::TaskRow& task,
                           const store::RegistryRow& registry,
                           const std::string& repository,
                           const std::string& state = "");

// Turns what was listed into images: counts those that are unsupported or
// scanned already, makes items of the others.
absl::Status Expand(Step& step, store::TaskRow& task);

}  // namespace landwaiter::analyzer::queue

#endif  // LANDWAITER_ANALYZER_QUEUE_DISCOVERY_H_
