#!/usr/bin/env bash
# What points nowhere says so with a reason, and heals when the missing thing
# appears; what is invalid is refused by the API server, by field.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

install_for_tests
registry() { # LINES: an ImageRegistry named wanting
  printf '%s\n' "apiVersion: landwaiter.dev/v1alpha1" "kind: ImageRegistry" \
    "metadata: {name: wanting}" "spec:" "  type: OCI" \
    "  endpoint: {url: \"http://$POD_REGISTRY\"}" "$1"
}
ready() {
  demo_kubectl get imageregistry wanting -o json |
    jq -r '.status.conditions[]? | select(.type == "Ready") | .reason'
}
ready_is() { [[ $(ready) == "$1" ]]; }

demo_kubectl delete imageregistry wanting --ignore-not-found >&2
demo_kubectl delete secret late --ignore-not-found >&2
registry "  clusterRef: {name: local}
  credentialsSecretRef: {name: late}" | demo_kubectl apply -f - >&2
wait_for 60 "a reason for the missing Secret" ready_is SecretNotFound
demo_kubectl create secret generic late --from-literal=username=me \
  --from-literal=password=secret >&2
demo_kubectl wait --for=condition=Ready imageregistry/wanting \
  --timeout=120s >&2 || die "it did not heal"
demo_kubectl delete imageregistry wanting --timeout=60s >&2

if message=$(registry "  clusterRef: {name: local}
  imagesPerHour: many" | demo_kubectl apply -f - 2>&1); then
  die "an invalid imagesPerHour was taken"
fi
[[ $message == *imagesPerHour* ]] || die "the refusal names no field: $message"
