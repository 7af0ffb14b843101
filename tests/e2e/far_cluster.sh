#!/usr/bin/env bash
# A registry that only another cluster reaches is scanned from there: by that
# cluster's kubeconfig, and through a connector while it admits nobody.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=dev.d/tools.sh
source "$ROOT/dev.d/tools.sh"
# shellcheck source=deploy/local/cluster.sh
source "$ROOT/deploy/local/cluster.sh"
tools_on_path

FAR_ADMIN=$FAR_STATE/kubeconfig.outside

far_kubectl() { kubectl --kubeconfig "$FAR_ADMIN" -n "$DEMO_NAMESPACE" "$@"; }
in_far_helm() { in_far helm --kubeconfig "$FAR_STATE/kubeconfig" "$@"; }

# far_copy IMAGE: from the near registry into the far one.
far_copy() {
  local name=${1#*/}
  in_far crane --insecure copy "$NEAR_ADDRESS:5000/$name" \
    "$HOST_REGISTRY/${name%@*}:e2e" >&2
}

# What docs/repository-clusters.md asks for, and no more.
make_far_account() {
  kubectl --kubeconfig "$FAR_ADMIN" create namespace "$DEMO_NAMESPACE" \
    --dry-run=client -o yaml | far_kubectl apply -f - >&2
  far_kubectl label --overwrite namespace "$DEMO_NAMESPACE" \
    pod-security.kubernetes.io/enforce=restricted >&2
  far_kubectl apply -f - >&2 <<'YAML'
apiVersion: v1
kind: ServiceAccount
metadata: {name: landwaiter}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: landwaiter}
rules:
  - {apiGroups: [batch], resources: [jobs], verbs: [get, list, watch, create, patch, delete]}
  - {apiGroups: [""], resources: [pods], verbs: [list, watch]}
  - {apiGroups: [""], resources: [secrets], verbs: [create]}
  - {apiGroups: [networking.k8s.io], resources: [networkpolicies], verbs: [create, patch, delete]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: landwaiter}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: landwaiter}
subjects: [{kind: ServiceAccount, name: landwaiter}]
YAML
}

# The kubeconfig of that account.
far_kubeconfig() {
  kubectl --kubeconfig "$FAR_ADMIN" config view --raw -o json |
    jq --arg token "$(far_kubectl create token landwaiter --duration=8760h)" \
      '.users[0].user = {token: $token}'
}

# connect_far NAME CONNECTION: a RepositoryCluster, and the far registry by it.
connect_far() {
  demo_kubectl apply -f - >&2 <<YAML
apiVersion: landwaiter.dev/v1alpha1
kind: RepositoryCluster
metadata: {name: $1}
spec:
  connection: $2
  analyzerAddress: $NEAR_ADDRESS:$ANALYZER_PORT
---
apiVersion: landwaiter.dev/v1alpha1
kind: ImageRegistry
metadata: {name: $1}
spec:
  type: OCI
  endpoint: {url: "http://$POD_REGISTRY"}
  clusterRef: {name: $1}
  imagesPerHour: Unlimited
  sync: {interval: 24h, repositories: {include: ["$1/**"]}}
YAML
}

cluster_is() { # NAME READY
  demo_kubectl wait "--for=condition=Ready=$2" "repositorycluster/$1" \
    --timeout=180s >&2 || die "RepositoryCluster $1 did not get Ready=$2"
}

# far_scan REGISTRY TASK: a package version that nobody could know, pushed to
# the far registry, comes back in a finding.
far_scan() {
  local version=1.$RANDOM.$RANDOM-$RANDOM
  in_far python3 "$ROOT/tests/e2e/push_image.py" "$HOST_REGISTRY" "$1/$2" \
    latest "os=debian:12,deb=zlib1g/zlib@$version"
  demo_kubectl wait --for=condition=Ready "imageregistry/$1" \
    --timeout=180s >&2 || die "the registry $1 did not get ready"
  demo_kubectl delete scantask "e2e-$1-$2" --ignore-not-found >&2
  demo_kubectl apply -f - >&2 <<YAML
apiVersion: landwaiter.dev/v1alpha1
kind: ScanTask
metadata: {name: e2e-$1-$2}
spec:
  type: ImageScan
  scope:
    registries: {names: [$1]}
    repositories: {include: ["$1/$2"]}
YAML
  finish_task "e2e-$1-$2"
  expect "what $1 found" "$(task_status "e2e-$1-$2" \
    '.top[]? | select(.package == "zlib1g") | .installedVersion')" "$version"
}

install_command() {
  demo_kubectl get repositorycluster hidden \
    -o 'jsonpath={.status.connector.installCommand}'
}
has_install_command() { [[ -n $(install_command) ]]; }

install_for_tests
"$ROOT/dev" up --far >&2
far_copy "$AGENT_IMAGE"
far_copy "$OPERATOR_IMAGE"
make_far_account

say "a cluster by its kubeconfig"
demo_kubectl create secret generic far-kubeconfig \
  --from-file=kubeconfig=<(far_kubeconfig) --dry-run=client -o yaml |
  demo_kubectl apply -f - >&2
connect_far far \
  '{type: Kubeconfig, kubeconfig: {secretRef: {name: far-kubeconfig}}}'
far_scan far first
demo_kubectl wait --for=jsonpath='{.status.egressAddresses[0]}' \
  repositorycluster/far --timeout=120s >&2 ||
  die "nobody saw where the far pods come from"

say "the far cluster admits nobody any more"
admit_far no
cluster_is far False
expect "the near cluster" "$(demo_kubectl get repositorycluster local \
  -o 'jsonpath={.status.phase}')" Running

say "a connector opens the way from there"
connect_far hidden '{type: Connector}'
wait_for 60 "the install command" has_install_command
# The chart as it is here, and images from the far registry.
command=$(install_command)
read -r -a arguments <<<"${command#helm install landwaiter-connector * }"
in_far_helm upgrade --install landwaiter-connector \
  "$ROOT/charts/landwaiter-connector" "${arguments[@]}" \
  --set imageRegistry="$HOST_REGISTRY" \
  --set image.digest="${OPERATOR_IMAGE#*@}" >&2
cluster_is hidden True
far_scan hidden first

say "the far cluster admits again"
admit_far yes
cluster_is far True
far_scan far second
