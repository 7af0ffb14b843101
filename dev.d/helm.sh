# shellcheck shell=bash

# shellcheck source=dev.d/kubectl.sh
source "$ROOT/dev.d/kubectl.sh"

dev_helm() {
  need_cluster
  exec helm --kubeconfig "$(cluster_kubeconfig)" "$@"
}
