#ifndef LANDWAITER_ANALYZER_QUEUE_RESULT_H_
#define LANDWAITER_ANALYZER_QUEUE_RESULT_H_

#include <string>
#include <vector>

#include "core/model/finding.h"
#include "core/model/task.h"

// Findings in an order that does not depend on when they were found.
namespace landwaiter::analyzer::queue {

// By priority, worst first; what can be fixed before what cannot.
void SortFindings(std::vector<model::Finding>& findings);

// A task's status names this many.
inline constexpr size_t kMaxTop = 10;
// So many of an image's findings are looked through for them.
inline constexpr size_t kTopSample = 1000;
// Merges those of an image's findings (sorted as above) that the task wants
// into a task's worst ones, each vulnerability once, in the package and image
// where it is worst: a library that is in every image would else fill the list.
// The order in which images are merged does not matter.
void MergeTop(const std::vector<model::Finding>& findings,
              const std::string& image, const model::TaskSpec& spec,
              std::vector<model::TopFinding>& top);

}  // namespace landwaiter::analyzer::queue

#endif  // LANDWAITER_ANALYZER_QUEUE_RESULT_H_
