#ifndef LANDWAITER_CORE_MODEL_LAYER_REPORT_CHECK_H_
#define LANDWAITER_CORE_MODEL_LAYER_REPORT_CHECK_H_

#include <string_view>

#include "absl/status/status.h"
#include "core/model/layer_report.h"

namespace landwaiter::model {

// Whether `path` is as a report has it: relative, clean, 1 to 4,096 bytes, no
// NUL, no "." or ".." part.
bool IsCleanPath(std::string_view path);

// Whether a report that came from somewhere else keeps the rules of
// layer_report.h: both digests are there, paths are clean, lists are sorted
// and without duplicates, and every package has a type and a name.
// INVALID_ARGUMENT says which rule is broken.
absl::Status CheckLayerReport(const LayerReport& report);

}  // namespace landwaiter::model

#endif  // LANDWAITER_CORE_MODEL_LAYER_REPORT_CHECK_H_
