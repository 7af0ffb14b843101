#!/usr/bin/env bash
# Each broken image is its own typed failure; the others are scanned.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

install_for_tests
push_image e2e/broken/sound latest "os=debian:12,deb=zlib1g/zlib@1.0-1"
push_image e2e/broken/truncated latest \
  "os=debian:12,pad=5000,fault=truncated"
push_image e2e/broken/garbage latest "pad=1,fault=garbage"
push_image e2e/broken/diffid latest "os=debian:12,pad=1,fault=diffid"
push_image e2e/broken/media latest "pad=1,fault=media"
push_image e2e/broken/unknown-system latest "os=slackware:15,deb=a@1"

start_task e2e-broken 'e2e/broken/**'
finish_task e2e-broken
expect "phase" "$(task_status e2e-broken .phase)" PartiallySucceeded
expect "images" "$(task_status e2e-broken .images.total)" 6

code_of() { # REPOSITORY: the code of its failure
  task_status e2e-broken ".failures[]? |
    select(.image | contains(\"e2e/broken/$1\")) | .code"
}
expect "a truncated layer" "$(code_of truncated)" CorruptLayer
expect "a layer that is no archive" "$(code_of garbage)" CorruptLayer
expect "another diffID" "$(code_of diffid)" DiffIdMismatch
expect "an unknown form" "$(code_of media)" CorruptLayer
expect "a system without advisories" "$(code_of unknown-system)" NoAdvisoryData
expect "a sound image" "$(code_of sound)" ""
expect "its finding" "$(task_status e2e-broken '[.top[]? |
  select(.package == "zlib1g" and (.image | contains("sound")))] | length')" 1
