# shellcheck shell=bash
# What the end-to-end tests share: the release installed on the local cluster,
# images made for the test, tasks, and checks. Sourced; sets ROOT.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=dev.d/lib.sh
source "$ROOT/dev.d/lib.sh"
# shellcheck source=dev.d/demo.sh
source "$ROOT/dev.d/demo.sh"

HOST_REGISTRY=127.0.0.1:5000
POD_REGISTRY=registry.example:5000
ANALYZER_PORT=30443
CONNECTOR_PORT=30444

# die WHAT: fails the test, with what the cluster says.
die() { explain_failure "$1"; }

# expect WHAT GOT WANT
expect() {
  [[ $2 == "$3" ]] || die "$1: got \"$2\", want \"$3\""
}

push_image() { # REPOSITORY TAG LAYER...
  python3 "$ROOT/tests/e2e/push_image.py" "$HOST_REGISTRY" "$@"
}

# Installs the release unless it is there, and connects the registry for
# repositories under e2e/. Scripts that run beside one another take turns.
install_for_tests() {
  need_cluster
  local images lock
  exec {lock}>"$ROOT/build/e2e.lock"
  flock --timeout 300 "$lock" || die "another test holds the release"
  mapfile -t images < <(dev_images "$HOST_REGISTRY")
  ((${#images[@]} == 3)) || fail "the images could not be built"
  # shellcheck disable=SC2034  # tests copy them to other registries
  AGENT_IMAGE=${images[0]} OPERATOR_IMAGE=${images[2]}
  # Another cluster reaches analyzer and operator through this machine.
  install_release "$HOST_REGISTRY" "${images[@]}" \
    --set analyzer.service.type=NodePort \
    --set analyzer.service.nodePort="$ANALYZER_PORT" \
    --set connector.service.type=NodePort \
    --set connector.service.nodePort="$CONNECTOR_PORT" \
    --set connector.address="10.245.0.1:$CONNECTOR_PORT"
  demo_kubectl apply -f - >&2 <<YAML
apiVersion: landwaiter.dev/v1alpha1
kind: RepositoryCluster
metadata: {name: local}
spec: {connection: {type: Local}}
---
apiVersion: landwaiter.dev/v1alpha1
kind: ImageRegistry
metadata: {name: e2e}
spec:
  type: OCI
  endpoint: {url: "http://$POD_REGISTRY"}
  clusterRef: {name: local}
  imagesPerHour: Unlimited
  sync: {interval: 24h, repositories: {include: ["e2e/**"]}}
YAML
  demo_kubectl wait --for=condition=Ready imageregistry/e2e \
    --timeout=180s >&2 || die "the registry did not get ready"
  exec {lock}>&-
}

# start_task NAME REPOSITORY GLOB [SPEC LINES]: a ScanTask, made anew.
start_task() {
  demo_kubectl delete scantask "$1" --ignore-not-found >&2
  demo_kubectl apply -f - >&2 <<YAML
apiVersion: landwaiter.dev/v1alpha1
kind: ScanTask
metadata: {name: $1}
spec:
  type: ImageScan
  scope:
    registries: {names: [e2e]}
    repositories: {include: ["$2"]}
${3:-}
YAML
}

finish_task() { # NAME
  demo_kubectl wait --for=condition=Complete "scantask/$1" \
    --timeout=240s >&2 || die "task $1 did not complete"
}

task_status() { # NAME JQ
  demo_kubectl get scantask "$1" -o json | jq -r ".status | $2"
}

# What counts of a task's result: images and findings.
task_result() { # NAME
  task_status "$1" '[.phase, .images.total, .images.failed,
    .findings.systemVulnerabilities, ([.top[]? | .id + " " + .package] | sort)]
    | tojson'
}
