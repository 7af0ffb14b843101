# shellcheck shell=bash
# Every test, in phases. A phase that fails does not stop the others: the
# report at the end is whole.

# shellcheck source=dev.d/tools.sh
source "$ROOT/dev.d/tools.sh"
# shellcheck source=dev.d/build.sh
source "$ROOT/dev.d/build.sh"

REPORTS=$ROOT/build/reports

# phase NAME: a failure is kept for the report.
phase() {
  local name=$1 start=$SECONDS result=0
  say "phase $name"
  # In a shell of its own, so that a failure in the middle of it ends it; and
  # not behind ||, where bash ignores such failures.
  set +e
  (
    set -e
    "phase_$name"
  )
  result=$?
  set -e
  say "phase $name took $((SECONDS - start)) s"
  ((result == 0)) || echo "FAILED phase $name" >>"$REPORTS/failed_phases"
}

# The end-to-end tests mostly wait for a cluster: they run beside the other
# phases, which give way to them. What they print is kept until the end.
phases_beside_e2e() { # NAME...
  local log=$REPORTS/e2e.log beside each
  say "phase e2e runs beside the others; see $log"
  set -m # a process group of its own, so that all of it can be ended
  phase e2e >"$log" 2>&1 </dev/null &
  beside=$!
  set +m
  # shellcheck disable=SC2064  # now, not then
  trap "kill -- -$beside 2>/dev/null; wait $beside" EXIT
  renice -n 10 "$BASHPID" >/dev/null
  for each in "$@"; do phase "$each"; done
  say "waiting for phase e2e"
  wait "$beside"
  trap - EXIT
  cat "$log" >&2
}

# Old kernels' address layout and the sanitizers' do not go together.
plain_layout() {
  if (($(cat /proc/sys/vm/mmap_rnd_bits) > 28)); then
    setarch -R "$@"
  else
    "$@"
  fi
}

# run_ctest PRESET REPORT ARGS...
run_ctest() {
  local preset=$1 reports=$REPORTS/$2
  shift 2
  mkdir -p "$reports"
  tools_on_path
  GTEST_OUTPUT="xml:$reports/" plain_layout ctest \
    --test-dir "$ROOT/build/$preset" -j "$JOBS" --no-tests=error \
    --output-junit "$reports/ctest.xml" --output-on-failure "$@" >&2
}

phase_lint() { run_command lint; }

phase_dev() {
  dev_build --preset dev
  run_ctest dev dev -LE e2e
}

phase_tsan() {
  configure tsan
  # The list of tests is that of the last configuration; bring it up to date.
  ninja -C "$ROOT/build/tsan" build.ninja >&2
  local targets
  mapfile -t targets < <(ctest --test-dir "$ROOT/build/tsan" -N -L concurrent |
    sed -nE 's/^ *Test +#[0-9]+: (.*)$/\1/p')
  ((${#targets[@]} > 0)) || fail "no test is labelled concurrent"
  dev_build --preset tsan "${targets[@]}"
  run_ctest tsan tsan -L concurrent
}

# fuzz_words NAME: the dictionary of what the target reads.
fuzz_words() {
  local words=text
  case $1 in
    layer_[!t]* | layer_tar | archive_* | elf | file_list | worker_* | *_rpm_* | *_golang | \
      *_java | *_rust | *_software) words=binary ;;
    layer_table | source_* | advisory_* | *_node | *_php | *_dotnet | *_swift) words=json ;;
    registry_* | image_*) words=http ;;
  esac
  printf '%s' "$ROOT/tests/fuzz/dictionaries/$words.dict"
}

# fuzz_one TARGET: a few seconds of it, from its seeds and what it found before.
fuzz_one() {
  local name seeds=() each
  name=$(basename "$1")
  name=${name#fuzz_}
  for each in "$ROOT/tests/fuzz/seeds/$name" \
    "$ROOT/tests/fuzz/seeds/${name#extract_}"; do
    if [[ -d $each ]]; then seeds=("$each"); fi
  done
  mkdir -p "$ROOT/build/fuzz/found/$name"
  cd "$ROOT/build/fuzz/found/$name" || return
  if plain_layout "$1" -max_total_time="${LANDWAITER_FUZZ_SECONDS:-4}" \
    -dict="$(fuzz_words "$name")" -rss_limit_mb=1024 -timeout=10 \
    -verbosity=0 . "${seeds[@]}" \
    >"$REPORTS/fuzz/$name.log" 2>&1; then
    echo "<testcase name=\"fuzz_$name\" status=\"run\"/>"
  else
    tail -n 40 "$REPORTS/fuzz/$name.log" >&2
    echo "<testcase name=\"fuzz_$name\" status=\"fail\"><failure/></testcase>"
  fi
}

phase_fuzz() {
  dev_build --preset fuzz fuzz_targets
  mkdir -p "$REPORTS/fuzz"
  export ROOT REPORTS
  export -f fuzz_one fuzz_words plain_layout
  # shellcheck disable=SC2016  # the inner shell expands it
  {
    echo '<testsuite>'
    find "$ROOT/build/fuzz/bin" -type f -name 'fuzz_*' -print0 | sort -z |
      xargs -0 -r -P "$JOBS" -I '{}' bash -c 'fuzz_one "$1"' - '{}'
    echo '</testsuite>'
  } >"$REPORTS/fuzz/ctest.xml"
  grep -q '<testcase' "$REPORTS/fuzz/ctest.xml" || fail "no fuzz target"
}

phase_e2e() {
  # Programs alone: the other phases run the tests.
  dev_build --preset release landwaiter-agent landwaiter-analyzer \
    landwaiter-operator landwaiter-registry-simulator bench_memory
  # What was not there before is gone again afterwards, also after a failure.
  if [[ ! -e $ROOT/build/cluster/kubeconfig ]]; then
    trap '(run_command down)' EXIT
  fi
  run_command up >&2
  JOBS=3 # they wait rather than compute
  run_ctest release e2e -L e2e
}

report() {
  local directories=() each
  for each in dev tsan e2e fuzz; do
    if [[ -d $REPORTS/$each ]]; then directories+=("$REPORTS/$each"); fi
  done
  local result=0
  if [[ -s $REPORTS/failed_phases ]]; then
    cat "$REPORTS/failed_phases"
    result=1
  fi
  # The plain closing line comes last.
  python3 "$ROOT/dev.d/count_tests.py" "${directories[@]}" || result=1
  return "$result"
}

dev_test() {
  help_if_asked "Usage: ./dev test [PHASE...]

Passes every test, or only the named phases: lint, dev (ASan and UBSan:
everything but end-to-end), tsan (what is concurrent), e2e (release images on
the local cluster), fuzz (briefly). Reports are in build/reports. The last
line counts the cases. LANDWAITER_CORPUS names a folder of real package
databases and advisories; tests that need it are skipped without it." "$@"
  run_command setup
  rm -rf "$REPORTS"
  mkdir -p "$REPORTS"
  local phases=("$@") each
  ((${#phases[@]} > 0)) || phases=(dev tsan lint e2e fuzz)
  local others=()
  for each in "${phases[@]}"; do
    [[ $(type -t "phase_$each") == function ]] || fail "no phase \"$each\""
    [[ $each == e2e ]] || others+=("$each")
  done
  if ((${#others[@]} < ${#phases[@]})); then
    phases_beside_e2e "${others[@]}"
  else
    for each in "${others[@]}"; do phase "$each"; done
  fi
  report
}
