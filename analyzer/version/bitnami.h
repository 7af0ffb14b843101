#ifndef LANDWAITER_ANALYZER_VERSION_BITNAMI_H_
#define LANDWAITER_ANALYZER_VERSION_BITNAMI_H_

#include <compare>
#include <string_view>

namespace landwaiter::analyzer::version {

// The order of Bitnami's components: that of Semantic Versioning, where a
// number alone behind the hyphen is a revision of the package and no
// pre-release: "1.2.3" = "1.2.3-0" < "1.2.3-1" < "1.2.4".
std::weak_ordering CompareBitnami(std::string_view a, std::string_view b);

}  // namespace landwaiter::analyzer::version

#endif  // LANDWAITER_ANALYZER_VERSION_BITNAMI_H_
