#ifndef LANDWAITER_AGENT_EXTRACT_OS_RELEASE_NAMES_H_
#define LANDWAITER_AGENT_EXTRACT_OS_RELEASE_NAMES_H_

#include <string>
#include <string_view>

namespace landwaiter::agent::extract::os {

// The os-release ID of the system with this name ("CentOS Linux", "Red Hat
// Enterprise Linux Server"); "" if it is not a known one.
std::string_view KnownId(std::string_view name);

// An id made of the name's words: "Red Hat Linux" is "red-hat-linux".
std::string IdFromWords(std::string_view name);

// The version as os-release of the system `id` has it: Amazon Linux 2023.3 is
// "2023", CBL-Mariner 2.0.20240123 is "2.0".
std::string_view CanonicalVersion(std::string_view id,
                                  std::string_view version);

}  // namespace landwaiter::agent::extract::os

#endif  // LANDWAITER_AGENT_EXTRACT_OS_RELEASE_NAMES_H_
