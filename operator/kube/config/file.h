#ifndef LANDWAITER_OPERATOR_KUBE_CONFIG_FILE_H_
#define LANDWAITER_OPERATOR_KUBE_CONFIG_FILE_H_

#include <string>

#include "absl/status/statusor.h"

namespace landwaiter::kube {

// The whole of a small file (configuration, certificate, token): at most 1 MiB.
// NOT_FOUND if there is none.
absl::StatusOr<std::string> ReadSmallFile(const std::string& path);

}  // namespace landwaiter::kube

#endif  // LANDWAITER_OPERATOR_KUBE_CONFIG_FILE_H_
