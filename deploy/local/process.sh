# shellcheck shell=bash
# Starting and ending the cluster's processes by their own ids. A pid file
# holds the pid and when that process started, so that a pid that was given to
# another process since is never signalled. Expects STATE.

process_start_time() { # PID
  # The name, field 2, may hold spaces: cut behind its closing bracket.
  sed -E 's/^.*\) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20
}

process_pid() { # NAME: prints the pid if that very process lives
  local pid started
  read -r pid started 2>/dev/null <"$STATE/run/$1.pid" || return 1
  [[ $(process_start_time "$pid") == "$started" ]] || return 1
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

process_restart() { # NAME: as it was started before
  local command
  command=$(cat "$STATE/run/$1.command")
  process_stop "$1"
  eval "process_start $1 $command"
}

process_kill() { # NAME SIGNAL
  local pid
  pid=$(process_pid "$1") || return 0
  kill "-$2" "$pid" 2>/dev/null || true
}

process_stop() { # NAME: ends it, by force after 10 s
  local pid end
  pid=$(process_pid "$1") || {
    rm -f "$STATE/run/$1.pid"
    return 0
  }
  kill "$pid" 2>/dev/null || true
  end=$((SECONDS + 10))
  while process_pid "$1" >/dev/null; do
    if ((SECONDS >= end)); then
      kill -9 "$pid" 2>/dev/null || true
      end=$((SECONDS + 10))
    fi
    sleep 0.1
  done
  rm -f "$STATE/run/$1.pid"
}
