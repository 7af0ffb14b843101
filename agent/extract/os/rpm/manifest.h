#ifndef LANDWAITER_AGENT_EXTRACT_OS_RPM_MANIFEST_H_
#define LANDWAITER_AGENT_EXTRACT_OS_RPM_MANIFEST_H_

#include "absl/status/statusor.h"
#include "agent/extract/file.h"
#include "core/model/layer_report.h"

namespace landwaiter::agent::extract::os {

// Reads "container-manifest-2", which distroless images of CBL-Mariner and
// Azure Linux have in place of a database: a line a package, by rpm's query
// format "%{NAME}\t%{VERSION}-%{RELEASE}\t%{INSTALLTIME}\t%{BUILDTIME}\t
// %{VENDOR}\t%{EPOCH}\t%{SIZE}\t%{ARCH}\t%{EPOCHNUM}\t%{SOURCERPM}".
absl::StatusOr<model::FileExtract> ReadManifest(File& file);

}  // namespace landwaiter::agent::extract::os

#endif  // LANDWAITER_AGENT_EXTRACT_OS_RPM_MANIFEST_H_
