# shellcheck shell=bash
# The registry on loopback, over plain http. Expects STATE and process.sh.

REGISTRY=127.0.0.1:5000
PAUSE_IMAGE=$REGISTRY/pause:1

start_registry() {
  cat >"$STATE/registry.yaml" <<YAML
version: 0.1
log: {level: warn}
storage:
  filesystem: {rootdirectory: $STATE/registry}
  delete: {enabled: true}
http: {addr: "0.0.0.0:5000"}
YAML
  process_start registry registry serve "$STATE/registry.yaml"
  process_await registry 20 curl -fsS "http://$REGISTRY/v2/"
}

# The program that holds a pod's namespaces: it waits, and reaps.
push_pause_image() {
  crane --insecure manifest "$PAUSE_IMAGE" >/dev/null 2>&1 && return
  local dir=$STATE/pause
  mkdir -p "$dir"
  cat >"$dir/pause.c" <<'C'
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
static void stop(int number) { (void)number; _exit(0); }
static void reap(int number) { (void)number; while (waitpid(-1, 0, WNOHANG) > 0); }
int main(void) { signal(SIGTERM, stop); signal(SIGINT, stop); signal(SIGCHLD, reap); for (;;) pause(); }
C
  clang-19 -static -Os -o "$dir/pause-static" "$dir/pause.c"
  tar -C "$dir" --transform 's/pause-static/pause/' --owner 0 --group 0 \
    -cf "$dir/layer.tar" pause-static
  crane --insecure append -f "$dir/layer.tar" -t "$PAUSE_IMAGE" \
    >/dev/null 2>&1
  crane --insecure mutate --entrypoint /pause -t "$PAUSE_IMAGE" \
    "$PAUSE_IMAGE" >/dev/null 2>&1
}
