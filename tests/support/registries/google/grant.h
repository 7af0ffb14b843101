#ifndef LANDWAITER_TESTS_SUPPORT_REGISTRIES_GOOGLE_GRANT_H_
#define LANDWAITER_TESTS_SUPPORT_REGISTRIES_GOOGLE_GRANT_H_

#include <string>

#include "absl/time/time.h"

namespace landwaiter::test {

// What Google finds wrong with the assertion of a grant (RFC 7523) that is
// signed with GoogleKeyFile's key: the error_description, or empty.
std::string FaultOfGrant(const std::string& assertion, absl::Time now);

}  // namespace landwaiter::test

#endif  // LANDWAITER_TESTS_SUPPORT_REGISTRIES_GOOGLE_GRANT_H_
