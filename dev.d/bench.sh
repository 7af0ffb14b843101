# shellcheck shell=bash
# shellcheck source=dev.d/build.sh
source "$ROOT/dev.d/build.sh"

dev_bench() {
  help_if_asked "Usage: ./dev bench [ARGUMENT...]

Builds the release preset and measures landwaiter-agent inspect against what
inflating and hashing the same layers take: prints a table, and never fails on
time. Arguments go to build/release/bin/bench_inspect (--help lists them).
Then measures advisory lookups and matching (bench_match), listing a
simulated registry of 100,000 artifacts (bench_registry), and the whole sync of
one by agent and analyzer (bench_sync)." \
    "${1:-}"
  dev_build landwaiter-agent landwaiter-analyzer bench_inspect bench_match \
    bench_registry bench_sync
  "$ROOT/build/release/bin/bench_inspect" \
    --directory "$CACHE/bench" "$@"
  "$ROOT/build/release/bin/bench_match" --directory "$CACHE/bench"
  "$ROOT/build/release/bin/bench_registry"
  "$ROOT/build/release/bin/bench_sync" --directory "$CACHE/bench-sync"
}
