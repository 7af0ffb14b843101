#!/usr/bin/env bash
# kill -9 of an agent, the operator, the analyzer and the API server, each in
# the middle of a task, changes nothing in what is found.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

install_for_tests
# Six images of 40 MB that no agent has seen, with the same packages each time.
push_fresh() { # REPOSITORY
  local i
  for i in 1 2 3 4 5 6; do
    push_image "$1/app$i" latest "os=debian:12,deb=zlib1g/zlib@1.$i" \
      "pad=40000000" "deb=tar@1.$i"
  done
}

push_fresh e2e/kills/calm
start_task e2e-calm 'e2e/kills/calm/**'
finish_task e2e-calm
calm=$(task_result e2e-calm)
say "undisturbed: $calm"

# kill_program PATTERN: every process that runs it; there must be one.
kill_program() {
  local pid killed=0 end=$((SECONDS + 20))
  while ((killed == 0 && SECONDS < end)); do
    for pid in $(pgrep -f "^/usr/bin/landwaiter-$1" || true); do
      if kill -9 "$pid" 2>/dev/null; then killed=$((killed + 1)); fi
    done
    sleep 0.1
  done
  ((killed > 0)) || die "no $1 was there to kill"
}

restart_api_server() {
  "$ROOT/deploy/local/component" kill kube-apiserver >&2
  "$ROOT/deploy/local/component" start kube-apiserver >&2
}

# disturbed NAME SECONDS COMMAND...: a task over what is new, and COMMAND so
# long after it was applied.
disturbed() {
  local name=e2e-$1 repository=e2e/kills/$1 after=$2
  shift 2
  push_fresh "$repository"
  start_task "$name" "$repository/**"
  sleep "$after"
  "$@"
  wait_for 120 "the API server" demo_kubectl get --raw /readyz
  finish_task "$name"
  expect "$name" "$(task_result "$name")" "$calm"
}

disturbed kill-agent-early 0.7 kill_program 'agent scan'
disturbed kill-agent-late 2 kill_program 'agent scan'
disturbed kill-operator 0.5 kill_program operator
disturbed kill-analyzer 1.2 kill_program analyzer
disturbed kill-api 1 restart_api_server
