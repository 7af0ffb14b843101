# shellcheck shell=bash
# What the commands share. Sourced by ./dev, which sets ROOT.

CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/landwaiter
export CACHE

# ccache finds what another checkout compiled, by content.
export CCACHE_BASEDIR=$ROOT
export CCACHE_NOHASHDIR=1
export CCACHE_COMPILERCHECK=content
export CCACHE_MAXSIZE=${CCACHE_MAXSIZE:-10G}
# A second process at the same thing is only harm on a small machine.
JOBS=${LANDWAITER_JOBS:-$(nproc)}
export JOBS

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
fail() {
  printf 'dev: %s\n' "$*" >&2
  exit 1
}

# help_if_asked TEXT ARGS...: prints TEXT and leaves if --help is among ARGS.
help_if_asked() {
  local text=$1 argument
  shift
  for argument in "$@"; do
    if [[ $argument == --help || $argument == -h ]]; then
      printf '%s\n' "$text"
      exit 0
    fi
  done
}

# Where this machine's apt gets Debian 12 from.
debian_mirror() {
  local mirror
  # shellcheck disable=SC2016  # apt expands it
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Codename: bookworm' |
    head -1)
  [[ -n $mirror ]] || fail "no Debian 12 package source is configured"
  printf '%s' "$mirror"
}

# wait_for SECONDS WHAT COMMAND...: polls until COMMAND succeeds.
wait_for() {
  local seconds=$1 what=$2
  shift 2
  local end=$((SECONDS + seconds))
  until "$@" >/dev/null 2>&1; do
    if ((SECONDS >= end)); then
      fail "$what was not there after $seconds s"
    fi
    sleep 0.2
  done
}

# run_command NAME ARGS...: another command of ./dev, in this shell.
run_command() {
  local name=$1
  shift
  # shellcheck source=/dev/null
  source "$ROOT/dev.d/$name.sh"
  "dev_$name" "$@"
}
