# shellcheck shell=bash
# Starting and ending the cluster's processes by their own ids. A pid file
# holds the pid and when that process started, so that a pid that was given to
# another process since is never signalled. Expects STATE.

process_start_time() { # PID: prints nothing if it does not run
  # The name, field 2, may hold spaces: cut behind its closing bracket.
  # A zombie (Z) that nobody has waited for yet does not run any more.
  sed -E 's/^.*\) //; /^[ZX]/d' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20
}

process_pid() { # NAME: prints the pid if that very process lives
  local pid started
  read -r pid started 2>/dev/null <"$STATE/run/$1.pid" || return 1
  [[ -n $started && $(process_start_time "$pid") == "$started" ]] || return 1
  printf '%s\n' "$pid"
}

process_start() { # NAME COMMAND...
  local name=$1
  shift
  process_pid "$name" >/dev/null && return
  mkdir -p "$STATE/run" "$STATE/log"
  printf '%q ' "$@" >"$STATE/run/$name.command"
  setsid "$@" >>"$STATE/log/$name.log" 2>&1 </dev/null &
  local pid=$!
  disown "$pid"
  printf '%s %s\n' "$pid" "$(process_start_time "$pid")" \
    >"$STATE/run/$name.pid"
}

process_start_again() { # NAME: as it was started before
  local command
  [[ -e $STATE/run/$1.command ]] || fail "$1 was never started in $STATE"
  command=$(<"$STATE/run/$1.command")
  eval "process_start $1 $command"
}

# process_await NAME SECONDS COMMAND...: polls until COMMAND succeeds, as long
# as NAME lives.
process_await() {
  local name=$1 end=$((SECONDS + $2))
  local log=$STATE/log/$name.log
  shift 2
  until "$@" >/dev/null 2>&1; do
    process_pid "$name" >/dev/null ||
      fail "$name has ended; the end of $log:
$(tail -n 5 "$log" | cut -c1-500)"
    ((SECONDS < end)) || fail "$name was not ready in time; see $log"
    sleep 0.2
  done
}

port_is_free() { # NAME PORT: unless NAME itself, already started, has it
  process_pid "$1" >/dev/null && return
  local holder
  holder=$(ss -Hltnp "sport = :$2")
  [[ -z $holder ]] || fail "$1 needs port $2, but it is taken by
  ${holder##* }
  Another local cluster may be running: end it with its own ./dev down"
}

process_kill() { # NAME SIGNAL: it alone, none of its helpers
  local pid end=$((SECONDS + 10))
  pid=$(process_pid "$1") || return 0
  kill "-$2" "$pid" 2>/dev/null || true
  [[ $2 == KILL ]] || return 0
  # Whoever starts it again next must not find it still dying.
  while process_pid "$1" >/dev/null && ((SECONDS < end)); do sleep 0.05; done
}

process_stop() { # NAME: ends it, by force after 10 s
  local pid end
  pid=$(process_pid "$1") || {
    rm -f "$STATE/run/$1.pid"
    return 0
  }
  # With its helpers: it leads a process group of its own.
  kill -- "-$pid" 2>/dev/null || true
  end=$((SECONDS + 10))
  while process_pid "$1" >/dev/null; do
    if ((SECONDS >= end)); then
      kill -9 -- "-$pid" 2>/dev/null || true
      end=$((SECONDS + 10))
    fi
    sleep 0.1
  done
  rm -f "$STATE/run/$1.pid"
}
