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

component() { "$ROOT/deploy/local/component" "$@" >&2; }

REGISTRY_LOG=$ROOT/build/cluster/log/registry.log

# hold_at REPOSITORY N FROM: with the registry paused, lets it run in short
# steps until it has sent N blobs of the repositories below, by its log behind
# byte FROM, and leaves it paused: so the task stays in its middle for as long
# as we need.
hold_at() {
  local end=$((SECONDS + 120)) pid
  pid=$(cut -d' ' -f1 "$ROOT/build/cluster/run/registry.pid")
  until (($(tail -c "+$3" "$REGISTRY_LOG" |
    grep -c "GET /v2/$1/[^ ]*/blobs/") >= $2)); do
    ((SECONDS < end)) || die "$1 was never asked for"
    kill -CONT "$pid"
    sleep 0.03
    kill -STOP "$pid"
    sleep 0.05
  done
}

# kill_program PATTERN: every process that runs it; there must be one.
kill_program() {
  local pid killed=0
  for pid in $(pgrep -f "^/usr/bin/landwaiter-$1" || true); do
    if kill -9 "$pid" 2>/dev/null; then killed=$((killed + 1)); fi
  done
  ((killed > 0)) || die "no $1 was there to kill"
}

restart_api_server() {
  component kill kube-apiserver
  component start kube-apiserver
}

# disturbed NAME N COMMAND...: a task over what is new, and COMMAND in the
# middle of it, when N blobs have been asked for.
disturbed() {
  local name=e2e-$1 repository=e2e/kills/$1 blobs=$2 from
  shift 2
  push_fresh "$repository"
  from=$(stat -c %s "$REGISTRY_LOG")
  component pause registry
  start_task "$name" "$repository/**"
  hold_at "$repository" "$blobs" "$from"
  "$@"
  component resume registry
  wait_for 120 "the API server" demo_kubectl get --raw /readyz
  finish_task "$name"
  expect "$name" "$(task_result "$name")" "$calm"
}

disturbed kill-agent-early 1 kill_program 'agent scan'
disturbed kill-agent-late 9 kill_program 'agent scan'
disturbed kill-operator 3 kill_program operator
disturbed kill-analyzer 6 kill_program analyzer
disturbed kill-api 4 restart_api_server
