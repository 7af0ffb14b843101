# shellcheck shell=bash

# The .cc files that differ from the base revision, and those that the change
# of a header beside them touches.
changed_sources() {
  local base=$1
  git -C "$ROOT" diff --name-only --diff-filter=d "$base" -- '*.cc' '*.h' |
    sed -E 's/\.h$/.cc/' | sort -u | while read -r file; do
    [[ -e $ROOT/$file ]] && printf '%s\n' "$file"
  done
}

shell_files() {
  git -C "$ROOT" ls-files -co --exclude-standard -- dev 'dev.d/*.sh' '*.sh' \
    .ci/run | sort -u | sed "s|^|$ROOT/|"
}

dev_lint() {
  help_if_asked "Usage: ./dev lint [--all | --base REV]

Checks the format, the shell scripts (shellcheck), and with clang-tidy what
changed since REV (default: the commit before the last); --all checks every
source. Needs the dev preset's compile commands." "$@"
  run_command setup --build-only
  run_command fmt --check
  shell_files | xargs shellcheck -x -P "$ROOT"
  local sources base
  if [[ ${1:-} == --all ]]; then
    sources=$(git -C "$ROOT" ls-files '*.cc')
  else
    base=HEAD~1
    [[ ${1:-} == --base ]] && base=${2:?"--base needs a revision"}
    git -C "$ROOT" rev-parse -q --verify "$base" >/dev/null || base=HEAD
    sources=$(changed_sources "$base")
  fi
  # Only what the dev preset compiles can be checked.
  sources=$(printf '%s\n' "$sources" | grep -v '^tests/fuzz/' || true)
  [[ -z $sources ]] && return
  # shellcheck source=dev.d/build.sh
  source "$ROOT/dev.d/build.sh"
  configure dev
  say "clang-tidy on $(printf '%s\n' "$sources" | wc -l) sources"
  printf '%s\n' "$sources" | sed "s|^|$ROOT/|" |
    xargs -P "$JOBS" -n 4 clang-tidy-19 -p "$ROOT/build/dev" --quiet
}
