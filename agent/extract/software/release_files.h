#ifndef LANDWAITER_AGENT_EXTRACT_SOFTWARE_RELEASE_FILES_H_
#define LANDWAITER_AGENT_EXTRACT_SOFTWARE_RELEASE_FILES_H_

#include <string_view>

#include "absl/status/status.h"
#include "agent/extract/file.h"
#include "agent/extract/package_list.h"

// Files beside programs that tell what they are.
namespace landwaiter::agent::extract::software {

// Adds what the file tells; nothing if it is of another kind. A status that is
// not OK is the file's, or PackageList's.
using ReleaseReader = absl::Status (*)(File& file, PackageList& list);

// The reader for a file of that path; null for most.
//   release                     a JDK's or JRE's (JEP 223)
//   *catalina*.jar              Tomcat's ServerInfo.properties in it
//   .bitnami_components.json    what Bitnami installed
ReleaseReader ReleaseReaderFor(std::string_view path);

// A package with the product for its name.
model::Package Product(std::string_view product, std::string_view version);

}  // namespace landwaiter::agent::extract::software

#endif  // LANDWAITER_AGENT_EXTRACT_SOFTWARE_RELEASE_FILES_H_
