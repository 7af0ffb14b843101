#ifndef LANDWAITER_OPERATOR_KUBE_CLUSTER_TEST_WIDGETS_H_
#define LANDWAITER_OPERATOR_KUBE_CLUSTER_TEST_WIDGETS_H_

#include "absl/status/status.h"
#include "operator/kube/client.h"

namespace landwaiter::kube {

// Makes the type kWidgets known to a real API server, and waits until it is.
absl::Status InstallWidgets(KubeClient& client);

}  // namespace landwaiter::kube

#endif  // LANDWAITER_OPERATOR_KUBE_CLUSTER_TEST_WIDGETS_H_
