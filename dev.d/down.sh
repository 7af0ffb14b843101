# shellcheck shell=bash

dev_down() {
  help_if_asked "Usage: ./dev down [--state DIR]

Ends the local cluster, and the far one if there is one (or the control plane
of DIR), and removes their files, mounts and networks." "$@"
  # shellcheck source=dev.d/tools.sh
  source "$ROOT/dev.d/tools.sh"
  # shellcheck source=deploy/local/cluster.sh
  source "$ROOT/deploy/local/cluster.sh"
  tools_on_path
  if [[ ${1:-} == --state ]]; then
    STATE=$(realpath -m "${2:?"--state needs a folder"}")
    if [[ $STATE == "$FAR_STATE" ]]; then choose_far; fi
  elif [[ -e $FAR_STATE || -e /run/netns/$FAR_NAMESPACE ]]; then
    if [[ -e /run/netns/$FAR_NAMESPACE ]]; then
      in_far "$ROOT/dev" down --state "$FAR_STATE"
    fi
    remove_far_namespace
  fi
  stop_cluster
}
