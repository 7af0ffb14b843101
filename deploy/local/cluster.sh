# shellcheck shell=bash
# The local cluster: its places, and its order of starting and stopping.
# Expects ROOT and dev.d/lib.sh.

# shellcheck source=deploy/local/process.sh
source "$ROOT/deploy/local/process.sh"
# shellcheck source=deploy/local/certificates.sh
source "$ROOT/deploy/local/certificates.sh"
# shellcheck source=deploy/local/control_plane.sh
source "$ROOT/deploy/local/control_plane.sh"
# shellcheck source=deploy/local/node.sh
source "$ROOT/deploy/local/node.sh"

# Defaults; ./dev up's flags set others for control planes side by side.
STATE=${LANDWAITER_CLUSTER_STATE:-$ROOT/build/cluster}
API_PORT=6443
ETCD_PORT=12379
ADVERTISE=10.244.0.1

# In the order in which they stop.
PROCESSES=(kubelet coredns kube-proxy kube-scheduler
  kube-controller-manager containerd registry kube-apiserver etcd)

stop_cluster() {
  # Pods first, as long as there is somebody to end them.
  local name
  for name in "${PROCESSES[@]}"; do process_stop "$name"; done
  if [[ -e $STATE/containerd.toml ]]; then remove_node_leftovers; fi
  rm -rf "$STATE"
}
