# shellcheck shell=bash
# shellcheck source=dev.d/build.sh
source "$ROOT/dev.d/build.sh"
# shellcheck source=dev.d/tools.sh
source "$ROOT/dev.d/tools.sh"

# reference_image: makes the image of docs/performance.md, once for each state
# of its recipe and month, as Debian moves on; prints its folder.
reference_image() {
  local recipe=$ROOT/tests/bench/reference layout
  layout=$CACHE/bench/reference-$(
    {
      cat "$recipe"/*
      date +%Y-%m
    } | sha256sum | cut -c1-16
  )
  if [[ ! -e $layout/index.json ]]; then
    say "making the reference image (once, some minutes)"
    mkdir -p "$layout"
    python3 "$recipe/make.py" "$layout" \
      --debian-mirror "$(debian_mirror)" \
      --go-program "$(tool_dir kubernetes)/kube-apiserver"
  fi
  printf '%s' "$layout"
}

bench_agent() {
  run_command setup
  dev_build landwaiter-agent bench_inspect bench_memory
  build_tools crane syft
  local bench=$ROOT/build/release/bin image
  image=$(reference_image)
  "$bench/bench_inspect" --image "$image" --crane "$(tool_dir crane)/crane" \
    --syft "$(tool_dir syft)/syft" "$@"
  "$bench/bench_inspect" --directory "$CACHE/bench" --megabytes 4000 --runs 1
  "$bench/bench_memory" --directory "$CACHE/bench"
}

dev_bench() {
  help_if_asked "Usage: ./dev bench [agent | analyzer] [ARGUMENT...]

Builds the release preset and measures: prints tables, and never fails on time.

  agent     landwaiter-agent inspect against what inflating and hashing the
            same layers take, crane export and syft: on a real image of five
            layers, which is made from the package registries once (10 minutes,
            600 MB in $CACHE/bench), and on one of 4 GB; then its
            memory for images that are made to take much, which fails past
            64 MiB (docs/performance.md). ARGUMENTs go to
            build/release/bin/bench_inspect (--help lists them)
  analyzer  the advisory database of the corpus's OSV feeds (LANDWAITER_CORPUS,
            if it is set), lookups, matching, and re-matching and queries over
            100,000 made images. ARGUMENTs go to bench_advisories
  (none)    inspect on two small images (ARGUMENTs as above), advisory lookups
            and matching (bench_match), listing a simulated registry of 100,000
            artifacts (bench_registry), and the whole sync of one by agent and
            analyzer (bench_sync)" \
    "${1:-}"
  if [[ ${1:-} == agent ]]; then
    shift
    bench_agent "$@"
    return
  fi
  if [[ ${1:-} == analyzer ]]; then
    shift
    bench_analyzer "$@"
    return
  fi
  dev_build landwaiter-agent landwaiter-analyzer bench_inspect bench_match \
    bench_registry bench_sync
  "$ROOT/build/release/bin/bench_inspect" \
    --directory "$CACHE/bench" "$@"
  "$ROOT/build/release/bin/bench_match" --directory "$CACHE/bench"
  "$ROOT/build/release/bin/bench_registry"
  "$ROOT/build/release/bin/bench_sync" --directory "$CACHE/bench-sync"
}

bench_analyzer() {
  dev_build bench_match bench_advisories
  local feeds=() osv
  if [[ -n ${LANDWAITER_CORPUS:-} ]]; then
    for osv in "$LANDWAITER_CORPUS"/vulndb/osv/*; do
      feeds+=(--feed "osv:$osv")
    done
  fi
  "$ROOT/build/release/bin/bench_match" --directory "$CACHE/bench"
  "$ROOT/build/release/bin/bench_advisories" \
    --directory "$CACHE/bench-advisories" "${feeds[@]}" "$@"
}
