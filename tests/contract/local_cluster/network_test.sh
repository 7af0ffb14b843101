#!/usr/bin/env bash
# What a cluster that died whole left on the bridge is gone before another one
# gives out the same addresses; pods of the cluster's own stay.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)

if [[ ${1:-} != inside ]]; then
  if ! unshare --net --mount true 2>/dev/null; then
    echo "skipped: needs the right to make namespaces"
    exit 77
  fi
  exec unshare --net --mount "${BASH_SOURCE[0]}" inside
fi

STATE=$(mktemp -d)
trap 'rm -rf "$STATE"' EXIT
# shellcheck disable=SC2034  # network.sh reads it
ADVERTISE=10.244.0.1
# shellcheck source=deploy/local/network.sh
source "$ROOT/deploy/local/network.sh"

add_pod() { # NAME
  ip link add "$1" type veth peer name "$1-eth0"
  ip link set "$1" master "$BRIDGE"
}
expect_pods() { # WHAT NAMES
  local pods
  pods=$(bridge_ports)
  if [[ $pods != "$2" ]]; then
    echo "$1: the bridge has \"$pods\", not \"$2\"" >&2
    exit 1
  fi
}

make_bridge
expect_pods "at first" ""
add_pod foreign
make_bridge
expect_pods "after another cluster" ""

mkdir -p "$STATE/cni/ipam" # from its first pod on
add_pod own
make_bridge
expect_pods "when it starts again" "own"
echo passed
