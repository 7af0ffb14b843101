# shellcheck shell=bash
# shellcheck source=dev.d/build.sh
source "$ROOT/dev.d/build.sh"
# shellcheck source=dev.d/tools.sh
source "$ROOT/dev.d/tools.sh"

dev_compare() {
  help_if_asked "Usage: ./dev compare [OPTION...] ROOT...

Builds the release preset's landwaiter-agent and syft (about 10 minutes, once),
and prints what each finds below the directories and the other does not.
Options go to tests/compare/compare.py (--help lists them). docs/comparison.md
explains the differences." "${1:-}"
  dev_build landwaiter-agent
  build_tools syft
  "$ROOT/tests/compare/compare.py" "$ROOT/build/release/bin/landwaiter-agent" \
    "$(tool_dir syft)/syft" "$@"
}
