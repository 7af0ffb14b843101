#ifndef LANDWAITER_AGENT_EXTRACT_LANG_MAVEN_POM_H_
#define LANDWAITER_AGENT_EXTRACT_LANG_MAVEN_POM_H_

#include <string_view>

#include "absl/status/status.h"
#include "agent/extract/file.h"
#include "agent/extract/package_list.h"

namespace landwaiter::agent::extract::lang {

// Reads a pom.xml (lang::Format).
absl::Status ReadPom(std::string_view path, File& file, PackageList& packages);

}  // namespace landwaiter::agent::extract::lang

#endif  // LANDWAITER_AGENT_EXTRACT_LANG_MAVEN_POM_H_
