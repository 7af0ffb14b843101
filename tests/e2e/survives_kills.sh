#!/usr/bin/env bash
# kill -9 of an agent, the operator, the analyzer and the API server, each in
# the middle of a task, changes nothing in what is found.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

install_for_tests
for i in 1 2 3 4 5 6; do
  push_image "e2e/kills/app$i" latest "os=debian:12,deb=zlib1g/zlib@1.$i" \
    "pad=20000000" "deb=tar@1.$i"
done

start_task e2e-calm 'e2e/kills/**'
finish_task e2e-calm
calm=$(task_result e2e-calm)
say "undisturbed: $calm"

# kill_program PATTERN: every process of the release that runs it.
kill_program() {
  local pid
  for pid in $(pgrep -f "^/usr/bin/landwaiter-$1" || true); do
    kill -9 "$pid" 2>/dev/null || true
  done
}

restart_api_server() {
  "$ROOT/deploy/local/component" kill kube-apiserver >&2
  "$ROOT/deploy/local/component" start kube-apiserver >&2
}

# disturbed NAME COMMAND...: a task that scans everything anew, and COMMAND
# once it is under way.
disturbed() {
  local name=e2e-$1 end=$((SECONDS + 60))
  shift
  start_task "$name" 'e2e/kills/**' '  force: true'
  until [[ $(task_status "$name" '.phase // ""') =~ Discovering|Running ]]; do
    ((SECONDS < end)) || die "task $name was not begun"
    sleep 0.3
  done
  sleep "0.$((RANDOM % 9 + 1))"
  "$@"
  wait_for 120 "the API server" demo_kubectl get --raw /readyz
  finish_task "$name"
  expect "$name" "$(task_result "$name")" "$calm"
}

disturbed kill-agent kill_program 'agent scan'
disturbed kill-operator kill_program operator
disturbed kill-analyzer kill_program analyzer
disturbed kill-api restart_api_server
