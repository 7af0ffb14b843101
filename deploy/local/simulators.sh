# shellcheck shell=bash
# Simulated registries beside the cluster, each at an address of its own that
# pods reach, and under names of its own in the cluster's DNS. Expects STATE and
# deploy/local's other files. Root only.

SIMULATORS=lw-sim0
SIMULATOR=$ROOT/build/release/bin/landwaiter-registry-simulator

simulator_address() { printf '10.246.0.%d' "$1"; } # NUMBER

make_simulator_address() { # NUMBER
  # A bridge without ports: this kernel may have no other link to lean on.
  if ! ip link show "$SIMULATORS" >/dev/null 2>&1; then
    ip link add "$SIMULATORS" type bridge 2>/dev/null || true
  fi
  ip link set "$SIMULATORS" up
  ip addr replace "$(simulator_address "$1")/32" dev "$SIMULATORS"
}

# name_simulator NUMBER NAME...: what the cluster's DNS knows it as.
name_simulator() {
  local address
  address=$(simulator_address "$1")
  shift
  if ! grep -qxF "$address $*" "$STATE/hosts"; then
    echo "$address $*" >>"$STATE/hosts"
  fi
}

# start_simulator NAME ARGUMENTS...: its log is $STATE/log/simulator-NAME.log.
start_simulator() {
  local name=simulator-$1
  shift
  process_pid "$name" >/dev/null && return
  rm -f "$STATE/log/$name.log"
  process_start "$name" "$SIMULATOR" "$@"
  process_await "$name" 20 grep -q ' is at http' "$STATE/log/$name.log"
}

stop_simulator() { process_stop "simulator-$1"; } # NAME

remove_simulators() {
  local file
  [[ -e $STATE/hosts ]] || return 0
  for file in "$STATE"/run/simulator-*.pid; do
    if [[ -e $file ]]; then process_stop "$(basename "$file" .pid)"; fi
  done
  if ip link show "$SIMULATORS" >/dev/null 2>&1; then
    ip link del "$SIMULATORS"
  fi
}
