#ifndef LANDWAITER_AGENT_EXTRACT_LANG_PYTHON_CONDA_ENVIRONMENT_H_
#define LANDWAITER_AGENT_EXTRACT_LANG_PYTHON_CONDA_ENVIRONMENT_H_

#include <string_view>

#include "absl/status/status.h"
#include "agent/extract/file.h"
#include "agent/extract/package_list.h"

namespace landwaiter::agent::extract::lang {

// environment.yml: what conda (and pip, in it) is asked for at one version:
// "name=1.2=build", "name=1.2", "name==1.2", "name 1.2 build".
absl::Status ReadCondaEnvironment(std::string_view path, File& file,
                                  PackageList& packages);

}  // namespace landwaiter::agent::extract::lang

#endif  // LANDWAITER_AGENT_EXTRACT_LANG_PYTHON_CONDA_ENVIRONMENT_H_
