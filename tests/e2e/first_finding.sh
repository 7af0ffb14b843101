#!/usr/bin/env bash
# What status shows comes from the agent that runs: a version that nobody could
# know is pushed in an image, and read back through a finding.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

install_for_tests
version=1.$RANDOM.$RANDOM-$RANDOM
push_image e2e/first latest "os=debian:12,deb=zlib1g/zlib@$version" pad=100000000

begun=$SECONDS
start_task e2e-first e2e/first
finish_task e2e-first
say "from apply to findings: $((SECONDS - begun)) s for a 100 MB image"

found=$(task_status e2e-first \
  '.top[]? | select(.package == "zlib1g") | .id + " " + .installedVersion')
expect "the finding" "$found" "CVE-2023-45853 $version"
expect "images" "$(task_status e2e-first '.images.scanned + .images.reused')" 1

# The same again reuses what is known: nothing is scanned.
start_task e2e-again e2e/first
finish_task e2e-again
expect "images scanned again" "$(task_status e2e-again '.images.scanned')" 0
expect "images reused" "$(task_status e2e-again '.images.reused')" 1
expect "quota" "$(task_status e2e-again '.quota.consumed')" 0

# The release's own test, as its users run it.
helm --kubeconfig "$(cluster_kubeconfig)" test landwaiter \
  -n "$DEMO_NAMESPACE" --timeout 180s >&2 || die "helm test failed"
