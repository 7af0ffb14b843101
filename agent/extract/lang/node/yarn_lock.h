#ifndef LANDWAITER_AGENT_EXTRACT_LANG_NODE_YARN_LOCK_H_
#define LANDWAITER_AGENT_EXTRACT_LANG_NODE_YARN_LOCK_H_

#include <string_view>

#include "absl/status/status.h"
#include "agent/extract/file.h"
#include "agent/extract/package_list.h"

namespace landwaiter::agent::extract::lang {

// Reads one (lang::Format).
absl::Status ReadYarnLock(std::string_view path, File& file,
                          PackageList& packages);

}  // namespace landwaiter::agent::extract::lang

#endif  // LANDWAITER_AGENT_EXTRACT_LANG_NODE_YARN_LOCK_H_
