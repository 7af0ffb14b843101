# shellcheck shell=bash

# shellcheck source=dev.d/build.sh
source "$ROOT/dev.d/build.sh"
# shellcheck source=deploy/images/context.sh
source "$ROOT/deploy/images/context.sh"

IMAGE_PROGRAMS=(agent analyzer operator)

# stage_image PROGRAM: what its image holds, under build/images/PROGRAM/root.
stage_image() {
  local context=$ROOT/build/images/$1 tree=$ROOT/build/images/$1/root
  local program=$ROOT/build/release/bin/landwaiter-$1
  [[ -x $program ]] || fail "$program is not built"
  rm -rf "$context"
  mkdir -p "$tree"/{usr/bin,etc/ssl/certs,usr/share,tmp}
  install -m 755 "$program" "$tree/usr/bin/"
  strip "$tree/usr/bin/landwaiter-$1"
  copy_libraries "$program" "$tree"
  cp -r --no-dereference /usr/share/zoneinfo "$tree/usr/share/zoneinfo"
  rm -rf "$tree/usr/share/zoneinfo"/{posix,right}
  cp -L /etc/os-release "$tree/etc/"
  cp -L /etc/ssl/certs/ca-certificates.crt "$tree/etc/ssl/certs/"
  # OpenSSL's own name for the same file.
  mkdir -p "$tree/usr/lib/ssl"
  ln -s /etc/ssl/certs/ca-certificates.crt "$tree/usr/lib/ssl/cert.pem"
  ln -s /etc/ssl/certs "$tree/usr/lib/ssl/certs"
  echo 'landwaiter:x:65532:65532::/nonexistent:/nonexistent' >"$tree/etc/passwd"
  echo 'landwaiter:x:65532:' >"$tree/etc/group"
  echo 'hosts: files dns' >"$tree/etc/nsswitch.conf"
  cp "$ROOT/deploy/images/$1.Dockerfile" "$context/Dockerfile"
}

# context_hash PROGRAM: of what goes into the image.
context_hash() {
  (
    cd "$ROOT/build/images/$1" || exit
    {
      find . -type f -print0 | sort -z | xargs -0 sha256sum
      find . -type l -printf '%p %l\n' | sort
    } | sha256sum | cut -c1-16
  )
}

have_docker() { command -v docker >/dev/null && docker info >/dev/null 2>&1; }

# Its storage is a part of build/, and goes with it.
run_buildah() {
  buildah --storage-driver vfs --root "$ROOT/build/images/storage" \
    --runroot "$ROOT/build/images/run" "$@"
}

build_and_push() { # NAME:TAG CONTEXT
  if have_docker; then
    docker build -q -t "$1" "$2" >/dev/null
    docker push -q "$1" >/dev/null
  else
    run_buildah bud --isolation chroot -q --timestamp 0 -t "$1" "$2" >/dev/null
    run_buildah push -q --tls-verify=false "$1" >&2
    run_buildah rmi -f "$1" >/dev/null 2>&1 || true
  fi
}

# build_image PROGRAM REGISTRY: prints REGISTRY/landwaiter/PROGRAM@sha256:...
build_image() {
  local name=$2/landwaiter/$1 tag digest
  stage_image "$1"
  tag=$(context_hash "$1")
  if ! digest=$(crane --insecure digest "$name:$tag" 2>/dev/null); then
    say "building image $1"
    build_and_push "$name:$tag" "$ROOT/build/images/$1"
    digest=$(crane --insecure digest "$name:$tag")
  fi
  printf '%s@%s\n' "$name" "$digest"
}

dev_images() {
  help_if_asked "Usage: ./dev images [REGISTRY]

Builds the images of the three programs from the release build and pushes
them to REGISTRY (default: the local cluster's, 127.0.0.1:5000). Prints their
names with digests. An image whose content is there already is left alone." "$@"
  local registry=${1:-127.0.0.1:5000} program
  dev_build --preset release landwaiter-agent landwaiter-analyzer \
    landwaiter-operator
  # shellcheck source=dev.d/tools.sh
  source "$ROOT/dev.d/tools.sh"
  tools_on_path
  for program in "${IMAGE_PROGRAMS[@]}"; do
    build_image "$program" "$registry"
  done
}
