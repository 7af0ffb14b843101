# shellcheck shell=bash

# shellcheck source=dev.d/kubectl.sh
source "$ROOT/dev.d/kubectl.sh"
# shellcheck source=dev.d/images.sh
source "$ROOT/dev.d/images.sh"

DEMO_NAMESPACE=landwaiter-demo

demo_kubectl() {
  kubectl --kubeconfig "$(cluster_kubeconfig)" -n "$DEMO_NAMESPACE" "$@"
}

# install_release REGISTRY AGENT ANALYZER OPERATOR [HELM ARGUMENTS...]: the
# chart, with these images by digest.
install_release() {
  local registry=$1 agent=$2 analyzer=$3 operator=$4
  shift 4
  kubectl --kubeconfig "$(cluster_kubeconfig)" create namespace \
    "$DEMO_NAMESPACE" --dry-run=client -o yaml | demo_kubectl apply -f - >&2
  demo_kubectl label --overwrite namespace "$DEMO_NAMESPACE" \
    pod-security.kubernetes.io/enforce=restricted >&2
  demo_kubectl create configmap demo-advisories \
    --from-file="$ROOT/deploy/demo/advisories" --dry-run=client -o yaml |
    demo_kubectl apply -f - >&2
  helm --kubeconfig "$(cluster_kubeconfig)" upgrade --install landwaiter \
    "$ROOT/charts/landwaiter" -n "$DEMO_NAMESPACE" \
    --set "imageRegistry=$registry" \
    --set "scanPods.image.digest=${agent#*@}" \
    --set "analyzer.image.digest=${analyzer#*@}" \
    --set "operator.image.digest=${operator#*@}" \
    --set advisories.configMap=demo-advisories "$@" >&2
}

# Which of the things that may be wrong is wrong.
explain_failure() {
  {
    demo_kubectl get landwaiter,pods,jobs
    demo_kubectl get events --sort-by=.lastTimestamp | tail -15
    demo_kubectl logs deployment/landwaiter-operator --tail 15
    demo_kubectl logs deployment/landwaiter-analyzer --tail 15
    # Of containers that were started again: why, and their last words.
    demo_kubectl get pods -o json | jq -c '.items[] | .metadata.name as $pod
      | .status.containerStatuses[]? | select(.restartCount > 0)
      | {pod: $pod, restarts: .restartCount, last: .lastState}'
    demo_kubectl logs deployment/landwaiter-analyzer --previous --tail 15
    head -n 2 /proc/loadavg /proc/pressure/{cpu,io,memory}
  } >&2 2>&1 || true
  fail "$1; what the cluster says of it is above"
}

# Prints a finished ScanTask, from its status alone.
print_task() {
  demo_kubectl get scantask "$1" -o json | jq -r '
    .status as $s
    | "ScanTask \(.metadata.name): \($s.phase), \($s.progress) images",
      "  scanned \($s.images.scanned), reused \($s.images.reused), " +
      "failed \($s.images.failed), skipped \($s.images.skipped), " +
      "unsupported \($s.images.unsupported)",
      ({"system": $s.findings.systemVulnerabilities,
        "application": $s.findings.applicationVulnerabilities} | to_entries[]
        | "  \(.key) vulnerabilities: " +
        (.value | to_entries | map("\(.value) \(.key)") | join(", "))),
      "  worst:",
      ($s.top[]? | "    \(.severity)\t\(.id)\t\(.package)\t\(.image)"),
      ($s.failures[]? | "  failed: \(.image): \(.code): \(.message)")'
}

dev_demo() {
  help_if_asked "Usage: ./dev demo

Builds everything, starts a real Kubernetes cluster and registry on this
machine, pushes real images, installs Landwaiter from its chart, applies
deploy/demo/resources.yaml, and prints what was found, from the custom
resources' status alone. The cluster goes on running; ./dev down ends it.

LANDWAITER_KUBECONFIG names another cluster to use instead; then
LANDWAITER_REGISTRY (host:port) is a registry to push to over http, which that
cluster pulls from under the same name." "$@"
  local registry=${LANDWAITER_REGISTRY:-127.0.0.1:5000}
  local seen_by_pods=${LANDWAITER_REGISTRY:-registry.example:5000}
  local images begun applied
  begun=$SECONDS
  run_command setup
  if [[ -z ${LANDWAITER_KUBECONFIG:-} ]]; then
    run_command up >/dev/null
  else
    [[ -n ${LANDWAITER_REGISTRY:-} ]] ||
      fail "with LANDWAITER_KUBECONFIG, LANDWAITER_REGISTRY is needed, too"
  fi
  need_cluster
  mapfile -t images < <(dev_images "$registry")
  ((${#images[@]} == 3)) || fail "the images could not be built"
  say "pushing real images to scan"
  "$ROOT/deploy/local/images" --registry "$registry" >&2
  say "installing the chart"
  install_release "$registry" "${images[@]}"
  # A demo that ran before left its own behind.
  demo_kubectl delete scantask demo --ignore-not-found >&2
  applied=$SECONDS
  sed "s/REGISTRY/$seen_by_pods/" "$ROOT/deploy/demo/resources.yaml" |
    demo_kubectl apply -f - >&2
  say "waiting for the registry and the task"
  demo_kubectl wait --for=condition=Ready imageregistry/demo \
    --timeout=180s >&2 || explain_failure "the registry did not get ready"
  demo_kubectl wait --for=condition=Complete scantask/demo \
    --timeout=300s >&2 || explain_failure "the task did not complete"
  demo_kubectl get landwaiter
  print_task demo
  say "from install to findings $((SECONDS - applied)) s, in all $((SECONDS - begun)) s"
}
