# shellcheck shell=bash
# The pods' network: one bridge on this machine, and everything of the kernel's
# that the cluster leaves behind. Expects STATE, ADVERTISE.

BRIDGE=lw-cni0
NETWORK=landwaiter-local
SYSCTLS=(net.ipv4.ip_forward net.bridge.bridge-nf-call-iptables
  net.ipv4.conf.all.route_localnet)

# A cluster whose processes all ended at once leaves its pods' ends of the
# bridge, with addresses that this one is about to give out again.
remove_foreign_pods() {
  local port
  [[ ! -e $STATE/cni/ipam ]] || return 0
  for port in $(bridge_ports); do ip link del "$port"; done
}

# Not from /sys, which may show another namespace's.
bridge_ports() {
  ip -o link show master "$BRIDGE" | sed -E 's/^[0-9]+: ([^:@]+).*/\1/'
}

make_bridge() {
  local name
  # As they were before the first start; kube-proxy sets the last.
  if [[ ! -e $STATE/sysctls ]]; then
    for name in "${SYSCTLS[@]}"; do
      sysctl -e "$name" 2>/dev/null || true
    done >"$STATE/sysctls"
  fi
  ip link show "$BRIDGE" >/dev/null 2>&1 || ip link add "$BRIDGE" type bridge
  remove_foreign_pods
  ip addr replace "$ADVERTISE/24" dev "$BRIDGE"
  ip link set "$BRIDGE" up
  sysctl -q -w net.ipv4.ip_forward=1
  sysctl -q -w net.bridge.bridge-nf-call-iptables=1 2>/dev/null || true
}

# What kubelet, kube-proxy and the CNI plug-ins wrote, as iptables-restore's
# input: rules first, then the chains that they led to.
cluster_rules() { # TABLE, with iptables-save's output on stdin
  echo "*$1"
  awk -v network="name: \\\\\"$NETWORK\\\\\"" '
    /^:KUBE-/ { chains[substr($1, 2)] }
    /^-A/ && (/ -j KUBE-/ || index($0, network)) {
      for (i = 1; i < NF; i++)
        if ($i == "-j" && $(i + 1) ~ /^(KUBE|CNI)-/) chains[$(i + 1)]
      sub(/^-A/, "-D")
      print
    }
    END {
      for (chain in chains) print "-F " chain
      for (chain in chains) print "-X " chain
    }'
  echo COMMIT
}

remove_rules() {
  local program table
  for program in iptables ip6tables; do
    for table in mangle nat filter; do
      "$program-save" -t "$table" 2>/dev/null | cluster_rules "$table" |
        "$program-restore" --noflush || true
    done
  done
}

remove_network() {
  remove_rules
  if ip link show "$BRIDGE" >/dev/null 2>&1; then ip link del "$BRIDGE"; fi
  rm -f /var/lib/cni/results/"$NETWORK"-*
  if [[ -e $STATE/sysctls ]]; then
    sysctl -q -e -p "$STATE/sysctls" >/dev/null || true
  fi
}
