# shellcheck shell=bash

dev_freeze() {
  help_if_asked "Usage: ./dev freeze

Freezes the contract in proto/landwaiter/v1 as that of the present version, in
proto/frozen: done at each release, and from then on ./dev test refuses what
programs of that release would not understand." "$@"
  local version
  version=$(sed -nE 's/^project\(.* VERSION ([0-9.]+).*/\1/p' \
    "$ROOT/CMakeLists.txt")
  [[ -n $version ]] || fail "CMakeLists.txt names no version"
  mkdir -p "$ROOT/proto/frozen"
  (
    cd "$ROOT/proto" || exit
    protoc -I . --descriptor_set_out=/dev/stdout landwaiter/v1/*.proto |
      protoc -I /usr/include --decode=google.protobuf.FileDescriptorSet \
        google/protobuf/descriptor.proto
  ) >"$ROOT/proto/frozen/$version.textproto"
  say "proto/frozen/$version.textproto is what later versions are held to"
}
