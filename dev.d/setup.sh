# shellcheck shell=bash
# shellcheck source=dev.d/tools.sh
source "$ROOT/dev.d/tools.sh"

BUILD_PACKAGES=(
  ccache clang-19 clang-format-19 clang-tidy-19 cmake libabsl-dev
  libarchive-dev libclang-rt-19-dev libcli11-dev libcpp-httplib-dev
  libgmock-dev libgrpc++-dev libgtest-dev libisal-dev liblmdb-dev
  libprotobuf-dev libseccomp-dev libspdlog-dev libsqlite3-dev libssl-dev
  libxml2-dev libyaml-cpp-dev libzstd-dev lld-19 ninja-build
  nlohmann-json3-dev pkg-config prometheus-cpp-dev protobuf-compiler
  protobuf-compiler-grpc zlib1g-dev
)
RUN_PACKAGES=(
  buildah ca-certificates conntrack containerd containernetworking-plugins
  curl debootstrap docker-registry git iproute2 iptables jq
  libarchive-tools maven openssl procps python3 python3-pip python3-yaml rpm
  runc shellcheck skopeo socat tzdata umoci unzip zip
)

missing_packages() {
  local package
  for package in "$@"; do
    if [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) != \
      installed ]]; then
      printf '%s\n' "$package"
    fi
  done
}

install_packages() {
  local missing
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]} == 0)) && return
  say "installing ${#missing[@]} packages: ${missing[*]}"
  [[ $(id -u) == 0 ]] || fail "packages are missing: run ./dev setup as root"
  apt-get update -q >&2
  # Services of these packages are not wanted: the cluster starts its own.
  local policy=/usr/sbin/policy-rc.d result=0
  if [[ -e $policy ]]; then
    policy=
  else
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
  fi
  DEBIAN_FRONTEND=noninteractive apt-get install -q -y \
    --no-install-recommends "${missing[@]}" >&2 || result=$?
  if [[ -n $policy ]]; then rm -f "$policy"; fi
  ((result == 0)) || fail "apt-get could not install: ${missing[*]}"
}

# Debian 12's own Go is too old; its backports have one that fetches the
# toolchain it needs as a module.
install_go() {
  go_is_new_enough && return
  say "installing Go from bookworm-backports"
  [[ $(id -u) == 0 ]] || fail "Go 1.21 is missing: run ./dev setup as root"
  local list=/etc/apt/sources.list.d/bookworm-backports.list
  echo "deb $(debian_mirror) bookworm-backports main" >"$list"
  apt-get update -q >&2
  apt-get install -q -y --no-install-recommends -t bookworm-backports \
    golang-go >&2
}

dev_setup() {
  help_if_asked "Usage: ./dev setup [--build-only]

Installs the Debian packages that are missing, builds the programs of the
local cluster from their Go modules (about 10 minutes, once; kept in $CACHE).and
installs the Python tools that tests compare with. Does nothing when all is there. --build-only leaves the cluster out." "$@"
  install_packages "${BUILD_PACKAGES[@]}"
  [[ ${1:-} == --build-only ]] && return
  install_packages "${RUN_PACKAGES[@]}"
  install_go
  build_tools "${TOOL_MODULES[@]}"
  install_python_tools
}
