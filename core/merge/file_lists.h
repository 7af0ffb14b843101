#ifndef LANDWAITER_CORE_MERGE_FILE_LISTS_H_
#define LANDWAITER_CORE_MERGE_FILE_LISTS_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "core/file_list/entry.h"
#include "core/model/layer_report.h"

namespace landwaiter::merge {

// Hands out the entries of a layer's list of files. Returns what is wrong with
// the list, for people; empty if it is whole.
std::string ForEachFile(const model::LayerReport& layer,
                        absl::FunctionRef<void(const file_list::Entry&)> take);

}  // namespace landwaiter::merge

#endif  // LANDWAITER_CORE_MERGE_FILE_LISTS_H_
