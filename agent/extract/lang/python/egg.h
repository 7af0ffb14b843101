#ifndef LANDWAITER_AGENT_EXTRACT_LANG_PYTHON_EGG_H_
#define LANDWAITER_AGENT_EXTRACT_LANG_PYTHON_EGG_H_

#include <string_view>

#include "absl/status/status.h"
#include "agent/extract/file.h"
#include "agent/extract/package_list.h"

namespace landwaiter::agent::extract::lang {

// A zipped egg (setuptools): its EGG-INFO/PKG-INFO is read as ReadMetadata
// reads one that lies in a folder.
absl::Status ReadEgg(std::string_view path, File& file, PackageList& packages);

}  // namespace landwaiter::agent::extract::lang

#endif  // LANDWAITER_AGENT_EXTRACT_LANG_PYTHON_EGG_H_
