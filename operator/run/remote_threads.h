#ifndef LANDWAITER_OPERATOR_RUN_REMOTE_THREADS_H_
#define LANDWAITER_OPERATOR_RUN_REMOTE_THREADS_H_

#include <memory>

#include "absl/status/statusor.h"
#include "core/base/clock.h"
#include "core/http/client.h"
#include "operator/kube/http_client.h"
#include "operator/manager/remote_cluster.h"

namespace landwaiter::run {

// What a client of a cluster far away and not ours is held to.
kube::HttpKubeOptions RemoteClientOptions();

// The client that a kubeconfig out of a Secret asks for (KubeconfigTrust::
// kForeign): INVALID_ARGUMENT names what of it is refused. Makes no call; calls
// go only where `addresses` allows. `clock` outlives it.
absl::StatusOr<manager::RemoteClient> ConnectByKubeconfig(
    const reconcile::LinkSpec& spec, const http::AddressPolicy& addresses,
    base::Clock* clock);

// Threads of its own for the cluster, so that none waits for another: one an
// informer and one for Step, until what it returns goes. Both outlive it.
std::shared_ptr<void> DriveRemote(manager::RemoteCluster* cluster,
                                  base::Clock* clock);

}  // namespace landwaiter::run

#endif  // LANDWAITER_OPERATOR_RUN_REMOTE_THREADS_H_
