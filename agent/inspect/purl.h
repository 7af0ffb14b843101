#ifndef LANDWAITER_AGENT_INSPECT_PURL_H_
#define LANDWAITER_AGENT_INSPECT_PURL_H_

#include <string>

#include "core/model/package.h"

namespace landwaiter::agent::inspect {

// The package URL (purl-spec): of an operating system's package
// "pkg:deb/debian/libc6@2.36-9?arch=amd64&distro=debian-12" (an rpm's epoch is
// a qualifier, as the spec has it; dpkg's is a part of the version), with
// "upstream" as syft has it where the source package differs; of a language's
// "pkg:npm/%40scope/name@1.2.3", "pkg:maven/group/artifact@1". Names are in
// lower case where the spec has them so. A jar of which no group is known is
// generic: a Maven package has one.
std::string PackageUrl(const model::Package& package,
                       const model::OsRelease& os);

}  // namespace landwaiter::agent::inspect

#endif  // LANDWAITER_AGENT_INSPECT_PURL_H_
