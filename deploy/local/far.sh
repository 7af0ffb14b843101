# shellcheck shell=bash
# A second cluster beside the local one, in a network namespace of its own, for
# tests of remote repository clusters: all its ports, its bridge and its rules
# are in there, so it has the same ones. Near and far meet on a cable of two
# addresses. Expects ROOT, deploy/local/cluster.sh. Root only.

FAR_NAMESPACE=lw-far
FAR_STATE=$ROOT/build/cluster-far
NEAR_ADDRESS=10.245.0.1
FAR_ADDRESS=10.245.0.2
FAR_CABLE=lw-near0

in_far() { nsenter --net="/run/netns/$FAR_NAMESPACE" "$@"; }

inside_far() { [[ /proc/self/ns/net -ef /run/netns/$FAR_NAMESPACE ]]; }

make_far_namespace() {
  [[ -e /run/netns/$FAR_NAMESPACE ]] && return
  ip netns add "$FAR_NAMESPACE"
  ip link add lw-far0 type veth peer name "$FAR_CABLE" netns "$FAR_NAMESPACE"
  ip addr add "$NEAR_ADDRESS/30" dev lw-far0
  ip link set lw-far0 up
  in_far ip link set lo up
  in_far ip addr add "$FAR_ADDRESS/30" dev "$FAR_CABLE"
  in_far ip link set "$FAR_CABLE" up
  in_far ip route add default via "$NEAR_ADDRESS"
}

# What is different from the cluster that is not far.
# shellcheck disable=SC2034  # the other files of this folder read them
choose_far() {
  STATE=$FAR_STATE
  NODE=far
  NETWORK=landwaiter-far
  EXTRA_ADDRESS=$FAR_ADDRESS
  # Two kubelets must not tidy up each other's pods.
  CGROUP_ROOT=/lw-far
}

make_cgroup_root() {
  local folder
  [[ -n $CGROUP_ROOT ]] || return 0
  if [[ -e /sys/fs/cgroup/cgroup.controllers ]]; then
    mkdir -p "/sys/fs/cgroup$CGROUP_ROOT"
    return
  fi
  for folder in /sys/fs/cgroup/*/; do
    mkdir -p "$folder$CGROUP_ROOT" 2>/dev/null || true
  done
  # A new cpuset has no processors, and then takes no process.
  for folder in cpuset.cpus cpuset.mems; do
    cat "/sys/fs/cgroup/cpuset/$folder" \
      >"/sys/fs/cgroup/cpuset$CGROUP_ROOT/$folder" 2>/dev/null || true
  done
}

remove_far_namespace() {
  if [[ -e /run/netns/$FAR_NAMESPACE ]]; then
    ip netns del "$FAR_NAMESPACE"
  fi
  find /sys/fs/cgroup -depth -type d -path '*/lw-far*' \
    -exec rmdir {} + 2>/dev/null || true
}

# admit_far yes|no: whether the far side lets anybody connect to it. What it
# asks for itself is answered either way.
admit_far() {
  local rule=(-i "$FAR_CABLE" -m conntrack --ctdir ORIGINAL -j DROP) chain
  for chain in INPUT FORWARD; do
    while in_far iptables -D "$chain" "${rule[@]}" 2>/dev/null; do :; done
    if [[ $1 == no ]]; then in_far iptables -I "$chain" "${rule[@]}"; fi
  done
}
