#ifndef LANDWAITER_AGENT_EXTRACT_OS_RPM_HEADER_H_
#define LANDWAITER_AGENT_EXTRACT_OS_RPM_HEADER_H_

#include <optional>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "core/model/package.h"

namespace landwaiter::agent::extract::os {

// The package that an rpm header tells; nullopt if the bytes are not one.
//
// A header as databases keep it: the number of entries and the size of the
// data (big-endian, 4 bytes each), the entries (tag, type, offset, count),
// the data. Region entries need no treatment: their trailers are tags of
// their own, and every entry is in the index.
// Format: rpm, docs/manual/format_header.md.
//
// source_version is the version and release of SOURCERPM, which has no epoch.
// A gpg-pubkey is a package here as it is for rpm -qa.
std::optional<model::Package> ParseRpmHeader(std::string_view blob);

// Calls `take` with the path of each file that the package owns (BASENAMES with
// DIRNAMES and DIRINDEXES, or OLDFILENAMES of rpm 3). Nothing for what is not
// a header, or whose lists do not suit each other.
void ForEachRpmFile(std::string_view blob,
                    absl::FunctionRef<void(std::string_view)> take);

// Sets the package's source from the name of its source's file:
// "bash-5.1.8-6.el9.src.rpm" is bash and 5.1.8-6.el9. What is not such a name
// sets nothing.
void SetSourceRpm(std::string_view file, model::Package& package);

}  // namespace landwaiter::agent::extract::os

#endif  // LANDWAITER_AGENT_EXTRACT_OS_RPM_HEADER_H_
