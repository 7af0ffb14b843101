# shellcheck shell=bash

# configure PRESET: runs CMake if the build folder is not there.
configure() {
  if [[ ! -e $ROOT/build/$1/build.ninja ]]; then
    (cd "$ROOT" && cmake --preset "$1" >&2)
  fi
}

dev_build() {
  help_if_asked "Usage: ./dev build [--preset dev|tsan|release|fuzz] [TARGET...]

Builds the preset (default: release), or only the named targets of it. The
programs are then in build/<preset>/bin." "$@"
  local preset=release
  if [[ ${1:-} == --preset ]]; then
    preset=${2:?"--preset needs a name"}
    shift 2
  fi
  run_command setup --build-only
  configure "$preset"
  say "building $preset"
  ninja -C "$ROOT/build/$preset" -j "$JOBS" "$@" >&2
}
