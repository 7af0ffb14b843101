#ifndef LANDWAITER_ANALYZER_QUEUE_PROGRESS_H_
#define LANDWAITER_ANALYZER_QUEUE_PROGRESS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "analyzer/queue/environment.h"

// How a task moves on and ends. All within a Step; a TaskRow is the caller's
// copy, written back by these functions.
namespace landwaiter::analyzer::queue {

// What becomes of a task's failures in its status: smaller is shown first.
enum class FailureRank { kFailed, kNoAdvisoryData, kUnsupported, kSkipped };

absl::Status Log(Step& step, const store::TaskRow& task,
                 std::string_view message);

absl::Status AddFailure(Step& step, const store::TaskRow& task,
                        FailureRank rank, std::string_view image,
                        const model::FailureInfo& failure);

// Counts an image's findings (worst first) into the task's status.
absl::Status CountImage(Step& step, store::TaskRow& task,
                        const store::ImageRow& image,
                        const std::string& reference,
                        const std::vector<model::Finding>& findings);

// Ends the item as done, and moves the task on. A scan's counters are the
// caller's.
absl::Status FinishItem(Step& step, store::TaskRow& task, store::ItemRow& item);

// Counts the failure and either puts the item back for later or ends it as
// failed (or unsupported, as the code says), and moves the task on.
absl::Status FailItem(Step& step, store::TaskRow& task, store::ItemRow& item,
                      const model::FailureInfo& failure);

// Moves the task on when its listings, or all its items, are through; writes
// its row.
absl::Status Advance(Step& step, store::TaskRow& task);

// Ends the task: open items are skipped, those of `phase` kTimedOut with an
// entry each.
absl::Status EndTask(Step& step, store::TaskRow& task, model::TaskPhase phase,
                     std::string message);

// Skips the task's open items at one registry, which is going away.
absl::Status SkipRegistry(Step& step, store::TaskRow& task,
                          store::RowId registry);

}  // namespace landwaiter::analyzer::queue

#endif  // LANDWAITER_ANALYZER_QUEUE_PROGRESS_H_
