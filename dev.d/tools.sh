# shellcheck shell=bash
# Programs for the local cluster and the tests, built from the Go modules in
# tests/cluster and kept by content: the name of a folder of theirs is the hash
# of what they were built from.

KUBERNETES_VERSION=1.34.2

# tool_ldflags MODULE: what go's linker is told.
tool_ldflags() {
  local flags="-s -w"
  if [[ $1 == kubernetes ]]; then
    local version=k8s.io/component-base/version
    flags+=" -X $version.gitVersion=v$KUBERNETES_VERSION"
    flags+=" -X $version.gitMajor=1 -X $version.gitMinor=34"
  fi
  printf '%s' "$flags"
}

# tool_dir MODULE: where its programs are, or will be.
tool_dir() {
  local hash
  hash=$(cat "$ROOT/tests/cluster/$1/go.mod" "$ROOT/tests/cluster/$1/go.sum" \
    <(tool_ldflags "$1") | sha256sum | cut -c1-16)
  printf '%s/tools/%s-%s/bin' "$CACHE" "$1" "$hash"
}

TOOL_MODULES=(kubernetes helm coredns registry gitea)

# Beside them there are crane and syft, which `inspect` is measured against and
# compared with. Neither the cluster nor the tests want them: they are made
# where they are needed (`build_tools crane syft`).

# Of all modules; a tag that a program does not know changes nothing in it.
TOOL_TAGS=providerless,sqlite,sqlite_unlock_notify

# python_tools_dir: where the validators of software inventories are, or will
# be; each version of Python has its own.
python_tools_dir() {
  local hash
  hash=$(cat "$ROOT/tests/contract/sbom/requirements.txt" \
    <(python3 --version) | sha256sum | cut -c1-16)
  printf '%s/tools/python-%s' "$CACHE" "$hash"
}

install_python_tools() {
  local dir
  dir=$(python_tools_dir)
  [[ -e $dir/.complete ]] && return
  say "installing the validators of software inventories (once)"
  mkdir -p "$dir"
  python3 -m pip install --quiet --disable-pip-version-check --no-input \
    --root-user-action ignore --target "$dir" --upgrade \
    --requirement "$ROOT/tests/contract/sbom/requirements.txt" >&2
  touch "$dir/.complete"
}

# Puts every module's programs on the PATH, and names the validators.
tools_on_path() {
  local module
  for module in "${TOOL_MODULES[@]}"; do
    PATH=$(tool_dir "$module"):$PATH
  done
  export PATH
  LANDWAITER_PYTHON_TOOLS=$(python_tools_dir)
  export LANDWAITER_PYTHON_TOOLS
  # kubectl keeps what it learned of an API server; not in the user's home.
  export KUBECACHEDIR=$ROOT/build/kubectl-cache
}

# Go 1.21 and later fetch the toolchain that a module asks for, as a module;
# Debian's must be told to.
go_is_new_enough() {
  command -v go >/dev/null || return 1
  local version
  version=$(GOTOOLCHAIN=local go env GOVERSION | sed -E 's/^go//')
  [[ $(printf '%s\n1.21\n' "$version" | sort -V | head -1) == 1.21 ]]
}

# copy_gitea_files DIRECTORY: what Gitea reads at run time, beside it.
copy_gitea_files() {
  local source
  source=$(GOTOOLCHAIN=auto go list -m -f '{{.Dir}}' code.gitea.io/gitea)
  cp -r --no-preserve=mode "$source/options" "$source/templates" \
    "$source/public" "$1/"
}

# build_tools MODULE...: those that are not there yet.
build_tools() {
  local module dir
  for module in "$@"; do
    dir=$(tool_dir "$module")
    [[ -e $dir/.complete ]] && continue
    say "building programs for the cluster and the tests: $module (once)"
    mkdir -p "$dir"
    (
      cd "$ROOT/tests/cluster/$module" || exit
      # Gitea's SQLite is C.
      command -v gcc >/dev/null || export CC=clang-19
      # etcd's main package ends in its version.
      tools=$(awk '/^tool \(/{t=1;next} t&&/^\)/{t=0} t{print $1}
                   /^tool [^(]/{print $2}' go.mod)
      for tool in $tools; do
        name=$(basename "$tool")
        [[ $tool == go.etcd.io/etcd/server/v3 ]] && name=etcd
        GOTOOLCHAIN=auto nice go build -p "$JOBS" -trimpath -tags "$TOOL_TAGS" \
          -ldflags "$(tool_ldflags "$module")" -o "$dir/$name" "$tool"
      done
      [[ $module != gitea ]] || copy_gitea_files "$dir"
    )
    touch "$dir/.complete"
  done
}
