# shellcheck shell=bash

# shellcheck source=dev.d/kubectl.sh
source "$ROOT/dev.d/kubectl.sh"

dev_helm() {
  if [[ ${1:-} == --help ]]; then
    help_if_asked "Usage: ./dev helm ARGUMENTS...

Runs helm on the local cluster, or on LANDWAITER_KUBECONFIG's. helm's own help:
./dev helm help." "$@"
  fi
  need_cluster
  exec helm --kubeconfig "$(cluster_kubeconfig)" "$@"
}
