#ifndef LANDWAITER_AGENT_INSPECT_LICENSE_H_
#define LANDWAITER_AGENT_INSPECT_LICENSE_H_

#include <optional>
#include <string>
#include <string_view>

namespace landwaiter::agent::inspect {

// `text` as a licence expression (SPDX 2.3, annex D), if it is one of
// identifiers that are known here: "MIT or apache-2.0" is
// "MIT OR Apache-2.0". The identifiers are the common ones of the SPDX licence
// list 3.24; nullopt for all else, so that what a package calls "BSD" is not
// passed off as a certain licence.
std::optional<std::string> SpdxExpression(std::string_view text);

// Whether an expression is a single identifier.
bool IsSingleLicense(std::string_view expression);

}  // namespace landwaiter::agent::inspect

#endif  // LANDWAITER_AGENT_INSPECT_LICENSE_H_
