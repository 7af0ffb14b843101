# shellcheck shell=bash
# The local cluster: its places, and its order of starting and stopping.
# Expects ROOT and dev.d/lib.sh.

# shellcheck source=deploy/local/process.sh
source "$ROOT/deploy/local/process.sh"
# shellcheck source=deploy/local/certificates.sh
source "$ROOT/deploy/local/certificates.sh"
# shellcheck source=deploy/local/control_plane.sh
source "$ROOT/deploy/local/control_plane.sh"
# shellcheck source=deploy/local/network.sh
source "$ROOT/deploy/local/network.sh"
# shellcheck source=deploy/local/registry.sh
source "$ROOT/deploy/local/registry.sh"
# shellcheck source=deploy/local/node.sh
source "$ROOT/deploy/local/node.sh"
# shellcheck source=deploy/local/storage.sh
source "$ROOT/deploy/local/storage.sh"
# shellcheck source=deploy/local/leftovers.sh
source "$ROOT/deploy/local/leftovers.sh"
# shellcheck source=deploy/local/far.sh
source "$ROOT/deploy/local/far.sh"
# shellcheck source=deploy/local/simulators.sh
source "$ROOT/deploy/local/simulators.sh"

# Defaults; ./dev up's flags set others for control planes side by side.
STATE=${LANDWAITER_CLUSTER_STATE:-$ROOT/build/cluster}
API_PORT=6443
ETCD_PORT=12379
ADVERTISE=10.244.0.1
# Another address that the API server is reached at; empty: none.
EXTRA_ADDRESS=
CGROUP_ROOT=

# In the order in which they stop.
PROCESSES=(kubelet volume-recycler coredns kube-proxy kube-scheduler
  kube-controller-manager containerd registry kube-apiserver etcd)

# Everything but what runs on it; the rest is the API server's arguments.
start_cluster() {
  # Before anything of this machine is touched: it may be another's.
  port_is_free registry 5000
  port_is_free etcd "$ETCD_PORT"
  port_is_free kube-apiserver "$API_PORT"
  make_bridge
  start_registry
  start_control_plane "$@"
  push_pause_image
  start_node
}

stop_cluster() {
  local name
  remove_simulators
  for name in "${PROCESSES[@]}"; do process_stop "$name"; done
  if [[ -e $STATE/containerd.toml || -e $STATE/sysctls ]]; then
    remove_node_leftovers
  fi
  rm -rf --one-file-system "$STATE"
}
