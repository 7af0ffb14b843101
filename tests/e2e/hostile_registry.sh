#!/usr/bin/env bash
# A registry that does all that a registry must not do, and images that are
# made to break their reader: each is a typed failure of its image, the others
# are scanned, and the pods' memory stays as flat as ever.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=deploy/local/cluster.sh
source "$ROOT/deploy/local/cluster.sh"

NUMBER=30 # of the simulator's address
# The target for a scan pod, whose limit is 128 MiB.
TARGET_BYTES=$((96 << 20))
SAMPLES=$STATE/log/hostile-memory
SALT=$RANDOM.$RANDOM
AGENT='^/usr/bin/landwaiter-agent scan'

# sample_memory: until $SAMPLES.on is gone, a line "CGROUP PEAK OOM-KILLS" for
# each scan pod's container, ten times a second: it is gone with the container.
sample_memory() {
  local pid group base=/sys/fs/cgroup/memory peak=memory.max_usage_in_bytes
  local kills=memory.oom_control
  if [[ -e /sys/fs/cgroup/cgroup.controllers ]]; then
    base=/sys/fs/cgroup peak=memory.peak kills=memory.events
  fi
  while [[ -e $SAMPLES.on ]]; do
    for pid in $(pgrep -f "$AGENT" || true); do
      group=$(awk -F: '$2 == "memory" || $1 == 0 {print $3; exit}' \
        "/proc/$pid/cgroup" 2>/dev/null) || continue
      printf '%s %s %s\n' "$group" "$(cat "$base$group/$peak" 2>/dev/null)" \
        "$(awk '$1 == "oom_kill" {print $2}' "$base$group/$kills" \
          2>/dev/null)" >>"$SAMPLES"
    done
    sleep 0.1
  done
}

end_test() {
  rm -f "$SAMPLES.on"
  remove_simulators
}

start_hostile_task() { # NAME GLOBS EXCLUDED
  demo_kubectl delete scantask "$1" --ignore-not-found >&2
  demo_kubectl apply -f - >&2 <<YAML
apiVersion: landwaiter.dev/v1alpha1
kind: ScanTask
metadata: {name: $1}
spec:
  type: ImageScan
  scope:
    registries: {names: [e2e, hostile]}
    repositories: {include: [$2], exclude: [$3]}
YAML
}

shows_failure() { # TASK REPOSITORY "CODE" or "CODE/CAUSE"; empty: none
  expect "$2" "$(task_status "$1" "[.failures[]? |
    select(.image | test(\"/hostile/$2(:|\$)\")) |
    [.code, .cause // empty] | join(\"/\")] | join(\" \")")" "$3"
}

paused_layer_is_asked_for() {
  grep -q '^GET /v2/hostile/paused/blobs/.* 200$' "$STATE/log/simulator-hostile.log"
}

# crash_worker: the process that reads a layer dies of a segmentation fault, as
# one does that has a defect. It is a child of the pod's first process.
crash_worker() {
  local pods worker
  pods=$(pgrep -d , -f "$AGENT") || return
  worker=$(pgrep -P "$pods" | head -1)
  [[ -n $worker ]] && kill -SEGV "$worker"
}

install_for_tests
trap end_test EXIT
make_simulator_address "$NUMBER"
name_simulator "$NUMBER" hostile.registries.example
start_simulator hostile --type hostile --port 80 --salt "$SALT" \
  --address "$(simulator_address "$NUMBER")" --host hostile.registries.example
demo_kubectl delete imageregistry hostile --ignore-not-found >&2
demo_kubectl apply -f - >&2 <<YAML
apiVersion: landwaiter.dev/v1alpha1
kind: ImageRegistry
metadata: {name: hostile}
spec:
  type: OCI
  endpoint: {url: "http://hostile.registries.example"}
  clusterRef: {name: local}
  imagesPerHour: Unlimited
  sync: {interval: 24h}
YAML

push() { # NAME LAYER
  push_image "e2e/hostile/$1" latest "os=debian:12,deb=zlib1g/zlib@1.$SALT-$1" \
    "$2"
}
push sound pad=1000
push bomb fault=bomb
push long-path fault=long-path
push outside fault=outside
push entries fault=entries
push truncated pad=100000,fault=truncated

rm -f "$SAMPLES"
touch "$SAMPLES.on"
sample_memory &
sampler=$!
start_hostile_task e2e-hostile '"hostile/**", "e2e/hostile/**"' '"hostile/paused"'
finish_task e2e-hostile
expect "phase" "$(task_status e2e-hostile .phase)" PartiallySucceeded
expect "images" "$(task_status e2e-hostile '.images |
  [.total, .scanned + .reused, .failed, .unsupported] | tojson')" "[18,7,10,1]"

for name in sound outside sound-1 sound-2 slow cut-once busy-once; do
  shows_failure e2e-hostile "$name" ""
done
shows_failure e2e-hostile bomb LimitExceeded/ratio
shows_failure e2e-hostile entries LimitExceeded/entries
shows_failure e2e-hostile long-path LimitExceeded/path
shows_failure e2e-hostile truncated CorruptLayer
shows_failure e2e-hostile cut NetworkError/Protocol
shows_failure e2e-hostile error NetworkError/Protocol
shows_failure e2e-hostile web-page NetworkError
shows_failure e2e-hostile web-manifest NetworkError/Protocol
shows_failure e2e-hostile expired Unauthorized
shows_failure e2e-hostile busy RateLimited
shows_failure e2e-hostile other-bytes DigestMismatch
shows_failure e2e-hostile wrong-type UnsupportedMedia

say "a worker that crashes"
start_hostile_task e2e-crash '"hostile/paused", "hostile/sound-1"' ''
wait_for 60 "the layer that pauses" paused_layer_is_asked_for
wait_for 10 "the process that reads it" crash_worker
finish_task e2e-crash
shows_failure e2e-crash paused ParserCrashed/SIGSEGV
expect "images" "$(task_status e2e-crash '.images |
  [.total, .scanned + .reused, .failed] | tojson')" "[2,1,1]"

rm -f "$SAMPLES.on"
wait "$sampler"
peak=$(sort -k2,2n "$SAMPLES" | tail -1 | cut -d' ' -f2)
say "the pods' memory at its highest: $((peak >> 10)) KiB"
((peak > 1 << 20 && peak < TARGET_BYTES)) || die "memory: $peak bytes"
expect "pods that the kernel killed" \
  "$(awk '$3 > 0' "$SAMPLES" | sort -u | wc -l)" 0
expect "pods that failed" "$(demo_kubectl get events -o json | jq '[.items[] |
  select(.reason == "ScanPodFailed") | .involvedObject // .regarding |
  select(.name == "hostile")] | length')" 0
demo_kubectl delete imageregistry hostile --timeout=60s >&2 ||
  die "the registry could not be deleted"
