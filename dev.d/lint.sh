# shellcheck shell=bash

# The .cc files that differ from the base revision, and those that the change
# of a header beside them touches.
changed_sources() {
  local base=$1
  git -C "$ROOT" diff --name-only --diff-filter=d "$base" -- '*.cc' '*.h' |
    sed -E 's/\.h$/.cc/' | sort -u | while read -r file; do
    if [[ -e $ROOT/$file ]]; then printf '%s\n' "$file"; fi
  done
}

# Those of stdin that the dev preset compiles: only they can be checked.
compiled_sources() {
  local file
  while read -r file; do
    if grep -qF "\"$ROOT/$file\"" "$ROOT/build/dev/compile_commands.json"; then
      printf '%s\n' "$file"
    fi
  done
}

# By their first line, so that none is forgotten for want of an ending.
shell_files() {
  git -C "$ROOT" grep --untracked -lE \
    '^#!/usr/bin/env bash|^# shellcheck shell=bash' |
    grep -vE '\.(md|cc|h)$' | sed "s|^|$ROOT/|"
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
  # shellcheck source=dev.d/build.sh
  source "$ROOT/dev.d/build.sh"
  configure dev
  sources=$(printf '%s\n' "$sources" | compiled_sources)
  [[ -z $sources ]] && return
  say "clang-tidy on $(printf '%s\n' "$sources" | wc -l) sources"
  printf '%s\n' "$sources" | sed "s|^|$ROOT/|" |
    xargs -P "$JOBS" -n 4 clang-tidy-19 -p "$ROOT/build/dev" --quiet
}
