#ifndef LANDWAITER_AGENT_EXTRACT_LANG_PYTHON_PYLOCK_H_
#define LANDWAITER_AGENT_EXTRACT_LANG_PYTHON_PYLOCK_H_

#include <string_view>

#include "absl/status/status.h"
#include "agent/extract/file.h"
#include "agent/extract/package_list.h"

namespace landwaiter::agent::extract::lang {

// pylock.toml (PEP 751): what has a version and is of an index. Its groups are
// those that it was made for, so none is development.
absl::Status ReadPylock(std::string_view path, File& file,
                        PackageList& packages);

}  // namespace landwaiter::agent::extract::lang

#endif  // LANDWAITER_AGENT_EXTRACT_LANG_PYTHON_PYLOCK_H_
