#ifndef LANDWAITER_AGENT_EXTRACT_LANG_PYTHON_TOML_LOCK_H_
#define LANDWAITER_AGENT_EXTRACT_LANG_PYTHON_TOML_LOCK_H_

#include <string_view>

#include "absl/status/status.h"
#include "agent/extract/file.h"
#include "agent/extract/package_list.h"

namespace landwaiter::agent::extract::lang {

// Reads poetry.lock, pdm.lock or uv.lock (lang::Format).
absl::Status ReadTomlLock(std::string_view path, File& file,
                          PackageList& packages);

}  // namespace landwaiter::agent::extract::lang

#endif  // LANDWAITER_AGENT_EXTRACT_LANG_PYTHON_TOML_LOCK_H_
