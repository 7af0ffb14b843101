#!/usr/bin/env bash
# Removing the release leaves nothing stuck: custom resources stay, can be
# deleted at once, and a new release takes up those that are still there.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

install_for_tests
finalizers() {
  demo_kubectl get imageregistries,repositoryclusters,scantasks -o json |
    jq '[.items[].metadata.finalizers // [] | .[]] | length'
}
(($(finalizers) > 0)) || die "there is no finalizer to take off"

helm --kubeconfig "$(cluster_kubeconfig)" uninstall landwaiter \
  -n "$DEMO_NAMESPACE" --wait --timeout 180s >&2 ||
  die "the release could not be removed"
expect "finalizers behind the release" "$(finalizers)" 0
expect "what is left of the release" \
  "$(demo_kubectl get deployments,jobs,serviceaccounts,roles,rolebindings \
    -l app.kubernetes.io/name=landwaiter -o name)" ""
demo_kubectl get crd scantasks.landwaiter.dev >/dev/null ||
  die "the definitions went with the release"
demo_kubectl get repositorycluster local >/dev/null ||
  die "a resource went with the release"
demo_kubectl delete imageregistry e2e --timeout=20s >&2 ||
  die "a resource could not be deleted"

install_for_tests
