#ifndef LANDWAITER_ANALYZER_DETECT_CATALOG_H_
#define LANDWAITER_ANALYZER_DETECT_CATALOG_H_

#include "absl/types/span.h"
#include "analyzer/detect/distribution.h"
#include "analyzer/detect/ecosystem.h"

namespace landwaiter::analyzer::detect {

// Every distribution there is: the visible list to which a new one adds its
// line (docs/adding/detector.md). They live as long as the program.
absl::Span<const Distribution* const> AllDistributions();

// Every ecosystem of applications, in the order of their names.
absl::Span<const Ecosystem* const> AllEcosystems();

}  // namespace landwaiter::analyzer::detect

#endif  // LANDWAITER_ANALYZER_DETECT_CATALOG_H_
