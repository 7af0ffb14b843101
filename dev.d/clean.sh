# shellcheck shell=bash

dev_clean() {
  help_if_asked "Usage: ./dev clean [--all]

Stops the local cluster and removes build/. --all removes the kept programs
and images in $CACHE, too." "$@"
  run_command down
  rm -rf "$ROOT/build"
  if [[ ${1:-} == --all ]]; then rm -rf "$CACHE"; fi
}
