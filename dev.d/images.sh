# shellcheck shell=bash

# shellcheck source=dev.d/build.sh
source "$ROOT/dev.d/build.sh"

IMAGE_PROGRAMS=(agent analyzer operator)

# stage_image PROGRAM: what its image holds, under build/images/PROGRAM/root.
stage_image() {
  local context=$ROOT/build/images/$1 tree=$ROOT/build/images/$1/root
  local program=$ROOT/build/release/bin/landwaiter-$1 library
  [[ -x $program ]] || fail "$program is not built"
  rm -rf "$context"
  mkdir -p "$tree"/{usr/bin,etc/ssl/certs,usr/share,tmp}
  install -m 755 "$program" "$tree/usr/bin/"
  strip "$tree/usr/bin/landwaiter-$1"
  # The loader and every library, at the paths where the loader looks.
  while read -r library; do
    install -D -m 755 "$(readlink -f "$library")" "$tree$library"
  done < <(ldd "$program" | grep -oE '/[^ ]+' | sort -u)
  cp -r --no-dereference /usr/share/zoneinfo "$tree/usr/share/zoneinfo"
  rm -rf "$tree/usr/share/zoneinfo"/{posix,right}
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

# build_image PROGRAM REGISTRY: prints REGISTRY/landwaiter/PROGRAM@sha256:...
build_image() {
  local name=$2/landwaiter/$1 tag digest
  stage_image "$1"
  tag=$(context_hash "$1")
  if ! digest=$(crane --insecure digest "$name:$tag" 2>/dev/null); then
    say "building image $1"
    buildah --storage-driver vfs bud --isolation chroot -q \
      --timestamp 0 -t "$name:$tag" "$ROOT/build/images/$1" >/dev/null
    buildah --storage-driver vfs push -q --tls-verify=false "$name:$tag" >&2
    buildah --storage-driver vfs rmi -f "$name:$tag" >/dev/null 2>&1 || true
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
