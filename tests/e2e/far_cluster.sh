#!/usr/bin/env bash
# A registry that only another cluster reaches is scanned from there, by the
# kubeconfig of that cluster; while it cannot be reached nothing is lost.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=dev.d/tools.sh
source "$ROOT/dev.d/tools.sh"
# shellcheck source=deploy/local/cluster.sh
source "$ROOT/deploy/local/cluster.sh"
tools_on_path

FAR_KUBECONFIG=$FAR_STATE/kubeconfig.outside

far_kubectl() {
  kubectl --kubeconfig "$FAR_KUBECONFIG" -n "$DEMO_NAMESPACE" "$@"
}

# far_push REPOSITORY LAYER...: an image that only the far registry has.
far_push() {
  local repository=$1
  shift
  in_far python3 "$ROOT/tests/e2e/push_image.py" "$HOST_REGISTRY" \
    "$repository" latest "$@"
}

# far_scan NAME REPOSITORY VERSION: a task over it finds that version.
far_scan() {
  demo_kubectl delete scantask "$1" --ignore-not-found >&2
  demo_kubectl apply -f - >&2 <<YAML
apiVersion: landwaiter.dev/v1alpha1
kind: ScanTask
metadata: {name: $1}
spec:
  type: ImageScan
  scope:
    registries: {names: [far]}
    repositories: {include: ["$2"]}
YAML
  finish_task "$1"
  expect "what the far cluster found" "$(task_status "$1" \
    '.top[]? | select(.package == "zlib1g") | .installedVersion')" "$3"
}

random_version() { echo "1.$RANDOM.$RANDOM-$RANDOM"; }

install_for_tests
"$ROOT/dev" up --far >&2
in_far crane --insecure copy "$NEAR_ADDRESS:${AGENT_IMAGE#*:}" \
  "$HOST_REGISTRY/landwaiter/agent:e2e" >&2
kubectl --kubeconfig "$FAR_KUBECONFIG" create namespace "$DEMO_NAMESPACE" \
  --dry-run=client -o yaml | far_kubectl apply -f - >&2
demo_kubectl create secret generic far-kubeconfig \
  --from-file=kubeconfig="$FAR_KUBECONFIG" --dry-run=client -o yaml |
  demo_kubectl apply -f - >&2
port=$(demo_kubectl get service landwaiter-analyzer \
  -o 'jsonpath={.spec.ports[?(@.name=="grpc")].nodePort}')
demo_kubectl apply -f - >&2 <<YAML
apiVersion: landwaiter.dev/v1alpha1
kind: RepositoryCluster
metadata: {name: far}
spec:
  connection:
    type: Kubeconfig
    kubeconfig: {secretRef: {name: far-kubeconfig}}
  analyzerAddress: $NEAR_ADDRESS:$port
---
apiVersion: landwaiter.dev/v1alpha1
kind: ImageRegistry
metadata: {name: far}
spec:
  type: OCI
  endpoint: {url: "http://$POD_REGISTRY"}
  clusterRef: {name: far}
  imagesPerHour: Unlimited
  sync: {interval: 24h, repositories: {include: ["far/**"]}}
YAML
demo_kubectl wait --for=condition=Ready imageregistry/far --timeout=180s >&2 ||
  die "the far registry did not get ready"

version=$(random_version)
far_push far/first "os=debian:12,deb=zlib1g/zlib@$version"
far_scan e2e-far-first far/first "$version"

# The credentials and everything else go with the Job.
say "the far cluster cannot be reached"
admit_far no
demo_kubectl wait --for=condition=Ready=False repositorycluster/far \
  --timeout=180s >&2 || die "the far cluster's absence was not noticed"
expect "the near cluster" "$(demo_kubectl get repositorycluster local \
  -o 'jsonpath={.status.phase}')" Running
say "and is back"
admit_far yes
demo_kubectl wait --for=condition=Ready repositorycluster/far \
  --timeout=180s >&2 || die "the far cluster did not come back"
version=$(random_version)
far_push far/second "os=debian:12,deb=zlib1g/zlib@$version"
far_scan e2e-far-second far/second "$version"
