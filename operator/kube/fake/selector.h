#ifndef LANDWAITER_OPERATOR_KUBE_FAKE_SELECTOR_H_
#define LANDWAITER_OPERATOR_KUBE_FAKE_SELECTOR_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "operator/kube/object.h"

namespace landwaiter::kube {

// Whether the object's labels satisfy a label selector: "a=b", "a==b", "a!=b",
// "a", "!a", "a in (b,c)", "a notin (b,c)", joined by commas.
// INVALID_ARGUMENT for text that is none of these.
absl::StatusOr<bool> MatchesLabels(std::string_view selector,
                                   const Json& object);

// The same for a field selector: "metadata.name=a", "status.phase!=Running".
// Any path of keys is accepted; the real server knows few.
absl::StatusOr<bool> MatchesFields(std::string_view selector,
                                   const Json& object);

}  // namespace landwaiter::kube

#endif  // LANDWAITER_OPERATOR_KUBE_FAKE_SELECTOR_H_
