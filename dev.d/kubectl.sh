# shellcheck shell=bash

# shellcheck source=dev.d/tools.sh
source "$ROOT/dev.d/tools.sh"

# The kubeconfig of the cluster to work on.
cluster_kubeconfig() {
  printf '%s' "${LANDWAITER_KUBECONFIG:-$ROOT/build/cluster/kubeconfig}"
}

need_cluster() {
  [[ -e $(cluster_kubeconfig) ]] ||
    fail "there is no cluster: start one with ./dev up"
  tools_on_path
}

dev_kubectl() {
  if [[ ${1:-} == --help ]]; then
    help_if_asked "Usage: ./dev kubectl ARGUMENTS...

Runs kubectl on the local cluster, or on LANDWAITER_KUBECONFIG's. kubectl's own
help: ./dev kubectl help." "$@"
  fi
  need_cluster
  exec kubectl --kubeconfig "$(cluster_kubeconfig)" "$@"
}
