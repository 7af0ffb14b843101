# shellcheck shell=bash

dev_down() {
  help_if_asked "Usage: ./dev down [--state DIR]

Ends the local cluster (or the control plane of DIR) and removes its files,
mounts and network." "$@"
  # shellcheck source=dev.d/tools.sh
  source "$ROOT/dev.d/tools.sh"
  # shellcheck source=deploy/local/cluster.sh
  source "$ROOT/deploy/local/cluster.sh"
  tools_on_path
  if [[ ${1:-} == --state ]]; then
    STATE=$(realpath -m "${2:?"--state needs a folder"}")
  fi
  stop_cluster
}
