#!/usr/bin/env bash
# Every type of registry, as an administrator connects it: by an ImageRegistry
# and a Secret, through pods. Of each: the four errors with their solution,
# healing, the listing of three projects with nested names, the scan of an
# image, and what is no image listed with its reason; of two, what happens when
# they break while they are connected. All types at once.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=deploy/local/cluster.sh
source "$ROOT/deploy/local/cluster.sh"

# Usage: every_registry.sh [TYPE...]
TYPES=(oci harbor harbor-v1 quay gitlab jfrog acr-enterprise acr-personal swr)
CHOSEN=("${@:-${TYPES[@]}}")
# Number of the address of a registry where another is expected.
ARTIFACTORY=29
# Layers that nobody has seen: each type's own have to be pulled.
SALT=$RANDOM.$RANDOM
LOGS=$STATE/log/every-registry

# number_of TYPE: of its address.
number_of() {
  local i
  for i in "${!TYPES[@]}"; do
    if [[ ${TYPES[i]} == "$1" ]]; then printf '%d' $((i + 10)); fi
  done
}
address_of() { simulator_address "$(number_of "$1")"; }

# Certificates for the clouds' names, by an authority of the test's.
https_of() { # TYPE NAME...
  local type=$1 name names=
  shift
  for name in "$@"; do names+=${names:+,}DNS:$name; done
  pki_issue "simulator-$type" "/CN=$1" "$names"
  printf '%s\n' --port 443 --host "$1" \
    --certificate "$STATE/pki/simulator-$type.crt" \
    --key "$STATE/pki/simulator-$type.key"
}

# names_of TYPE: what its hosts are called.
names_of() {
  case $1 in
    gitlab) echo gitlab.registries.example registry.gitlab.registries.example ;;
    jfrog) ;; # connected by a forwarder's address
    acr-enterprise)
      echo e2e-registry.cn-hangzhou.cr.aliyuncs.com cr.cn-hangzhou.aliyuncs.com
      ;;
    acr-personal)
      echo registry.cn-shanghai.aliyuncs.com cr.cn-shanghai.aliyuncs.com
      ;;
    swr)
      echo swr.cn-north-4.myhuaweicloud.com \
        swr-api.cn-north-4.myhuaweicloud.com
      ;;
    *) echo "$1.registries.example" ;;
  esac
}

# start_registry TYPE [ARGUMENTS...]: its simulator, as its own machine.
start_registry() {
  local type=$1 arguments names
  shift
  read -r -a names <<<"$(names_of "$type")"
  case $type in
    harbor-v1) arguments=(--type harbor --version V1 --port 80) ;;
    gitlab)
      arguments=(--type gitlab --port 80 --host "${names[0]}"
        --registry-port 5050 --registry-host "${names[1]}:5050")
      ;;
    jfrog)
      arguments=(--type jfrog --port 8081 --host art.registries.example)
      ;;
    acr-* | swr)
      mapfile -t arguments < <(https_of "$type" "${names[@]}")
      arguments+=(--type "$type")
      ;;
    *) arguments=(--type "$type" --port 80 --host "${names[0]}") ;;
  esac
  start_simulator "$type" "${arguments[@]}" --address "$(address_of "$type")" \
    --salt "$SALT.$type" "$@"
}

# account TYPE right|weak|wrong: what its Secret holds; the weak one is taken,
# but lacks a right.
account() {
  local user=admin password weak=reader
  case $1 in
    oci) password=secret weak=dev ;;
    harbor*) password=admin-secret weak=dev1 ;;
    jfrog) password=password ;;
    acr-*) user=LTAI4example password=secret weak=LTAI4nobody ;;
    swr) user=AKEXAMPLE password=sk weak=AKNOBODY ;;
    quay)
      case $2 in
        right) echo token=alice-token ;;
        weak) echo token=bob-token ;;
        wrong) echo token=nobodys-token ;;
      esac
      return
      ;;
    gitlab)
      printf '%s\n' library=library-token team-b=team-b-token
      case $2 in
        right) echo team-a=team-a-token ;;
        weak) echo team-a=team-a-pull-token ;;
        wrong) echo team-a=nobodys-token ;;
      esac
      return
      ;;
  esac
  case $2/$1 in
    weak/harbor*) user=$weak password=$weak-secret ;;
    weak/*) user=$weak ;;
    wrong/*) password=not-the-password ;;
  esac
  printf '%s\n' "username=$user" "password=$password"
}

set_account() { # TYPE right|weak|wrong
  local literals
  mapfile -t literals < <(account "$1" "$2")
  demo_kubectl create secret generic "$1" \
    "${literals[@]/#/--from-literal=}" --dry-run=client -o yaml |
    demo_kubectl apply -f - >&2
}

# spec_of TYPE right|wrong: the lines that only its type has; the wrong ones
# are of another version, or where that cannot be said lead to a registry of
# another type.
spec_of() {
  local type=$1 wrong=
  if [[ $2 == wrong ]]; then wrong=yes; fi
  case $type in
    oci)
      echo "  type: OCI"
      echo "  credentialsSecretRef: {name: oci}"
      echo "  endpoint:"
      echo "    url: http://oci.registries.example"
      # An Artifactory has no /v2/ at its root.
      if [[ -n $wrong ]]; then
        echo "    connect: {ip: $(simulator_address "$ARTIFACTORY")}"
      fi
      ;;
    harbor*)
      echo "  type: Harbor"
      echo "  credentialsSecretRef: {name: $type}"
      echo "  endpoint: {url: \"http://$type.registries.example\"}"
      if [[ $type$wrong == harbor || $type$wrong == harbor-v1yes ]]; then
        echo "  version: V2"
      else
        echo "  version: V1"
      fi
      ;;
    quay)
      echo "  type: Quay"
      echo "  endpoint: {url: \"http://quay.registries.example\"}"
      echo "  quay:"
      echo "    organizations:"
      printf '    - {name: %s, tokenSecretRef: {name: quay, key: token}}\n' \
        library team-a team-b
      if [[ -n $wrong ]]; then echo "  version: V1"; fi
      ;;
    gitlab)
      echo "  type: GitLab"
      echo "  endpoint:"
      echo "    url: http://gitlab.registries.example"
      # GitLab is V1 always; an Artifactory is none.
      if [[ -n $wrong ]]; then
        echo "    connect: {ip: $(simulator_address "$ARTIFACTORY")}"
      fi
      echo "  gitlab:"
      echo "    groups:"
      printf '    - {name: %s, tokenSecretRef: {name: gitlab, key: %s}}\n' \
        library library team-a team-a team-b team-b
      ;;
    jfrog)
      # Through a traffic forwarder: no name resolves to it.
      echo "  type: JFrog"
      echo "  credentialsSecretRef: {name: jfrog}"
      echo "  endpoint:"
      echo "    protocol: HTTP"
      echo "    domain: art.registries.example"
      echo "    connect: {ip: $(address_of jfrog), port: 8081}"
      if [[ -n $wrong ]]; then echo "  version: V1"; fi
      ;;
    acr-*)
      echo "  type: ACR"
      echo "  credentialsSecretRef: {name: $type}"
      echo "  endpoint: {url: \"https://$(names_of "$type" | cut -d' ' -f1)\"}"
      echo "  tls: {caSecretRef: {name: registries-ca}}"
      if [[ $type$wrong == acr-enterprise || $type$wrong == acr-personalyes ]]
      then
        echo "  acr: {edition: Enterprise, instanceId: cri-abcdefgh}"
      else
        echo "  acr: {edition: Personal}"
      fi
      ;;
    swr)
      echo "  type: SWR"
      echo "  credentialsSecretRef: {name: swr}"
      echo "  endpoint: {url: \"https://swr.cn-north-4.myhuaweicloud.com\"}"
      echo "  tls: {caSecretRef: {name: registries-ca}}"
      if [[ -n $wrong ]]; then echo "  version: V1"; fi
      ;;
  esac
}

apply_registry() { # TYPE right|wrong
  {
    printf '%s\n' "apiVersion: landwaiter.dev/v1alpha1" "kind: ImageRegistry" \
      "metadata: {name: $1}" "spec:" "  clusterRef: {name: local}" \
      "  imagesPerHour: Unlimited" "  sync: {interval: 24h}"
    spec_of "$1" "$2"
  } | demo_kubectl apply -f - >&2
}

registry_status() { # TYPE JQ
  demo_kubectl get imageregistry "$1" -o json | jq -r ".status | $2"
}

shows_error() { # TYPE CODE MESSAGE'S BEGINNING
  demo_kubectl wait "--for=jsonpath={.status.error.code}=$2" \
    "imageregistry/$1" --timeout=180s >&2 ||
    die "$1 did not show $2 but $(registry_status "$1" .error)"
  local message
  message=$(registry_status "$1" .error.message)
  [[ $message == "$3"* ]] || die "$1: the message of $2 is \"$message\""
  [[ -n $(registry_status "$1" '.error.solution // ""') ]] ||
    die "$1: $2 has no solution"
  say "$1: $2: ${message#"$3"}"
}

ask_again() { # TYPE: try the connection now, not when it is due
  demo_kubectl annotate --overwrite imageregistry "$1" \
    "landwaiter.dev/verify=$(date +%s%N)" >&2
}

# The four errors, and out of each.
shows_errors() { # TYPE
  set_account "$1" wrong
  apply_registry "$1" right
  shows_error "$1" NetworkConnectError "The network connection timed out."
  expect "the cause" "$(registry_status "$1" .error.cause)" Connect
  start_registry "$1"
  # It would be tried again a minute after: oci waits for that.
  if [[ $1 != oci ]]; then ask_again "$1"; fi
  shows_error "$1" FailedToVerifyUsernameOrPwd \
    "Username or password is invalid."
  set_account "$1" weak
  shows_error "$1" UserDoesNotHaveAdminRole \
    "You do not have administrative rights."
  set_account "$1" right
  demo_kubectl wait --for=condition=Ready "imageregistry/$1" \
    --timeout=180s >&2 || die "$1 did not heal"
  apply_registry "$1" wrong
  shows_error "$1" RegistryVersionError \
    "The version of the image repository is invalid."
  apply_registry "$1" right
  demo_kubectl wait --for=condition=Ready "imageregistry/$1" \
    --timeout=180s >&2 || die "$1 did not get ready again"
  expect "$1: what is left of the errors" "$(registry_status "$1" .error)" null
}

# How many images of the standard content and the one beside it are runnable
# and can be seen: Harbor lists the untagged one, too; of ACR's Personal edition
# none counts.
images_of() { # TYPE
  case $1 in
    harbor) echo 8 ;;
    acr-personal) echo 0 ;;
    *) echo 7 ;;
  esac
}

shows_listing() { # TYPE
  demo_kubectl wait "--for=jsonpath={.status.lastSyncTime}" \
    "imageregistry/$1" --timeout=120s >&2 || die "$1 was not listed"
  expect "$1: repositories" "$(registry_status "$1" .repositories)" 5
  expect "$1: images" "$(registry_status "$1" .images)" "$(images_of "$1")"
}

start_scan() { # TYPE
  demo_kubectl delete scantask "e2e-$1" --ignore-not-found >&2
  demo_kubectl apply -f - >&2 <<YAML
apiVersion: landwaiter.dev/v1alpha1
kind: ScanTask
metadata: {name: e2e-$1}
spec:
  type: ImageScan
  scope: {registries: {names: [$1]}}
YAML
}

shows_reason() { # TYPE IMAGE'S PART CODE
  expect "$1: the code of $2" "$(task_status "e2e-$1" ".failures[]? |
    select(.image | contains(\"$2\")) | select(.message != \"\") | .code")" "$3"
}

# A finding of a package version that only this registry's own layer has; and
# what is not scanned, with its reason, which fails nothing.
shows_findings() { # TYPE
  start_scan "$1"
  finish_task "e2e-$1"
  expect "$1: phase" "$(task_status "e2e-$1" .phase)" Succeeded
  expect "$1: failed images" "$(task_status "e2e-$1" .images.failed)" 0
  expect "$1: scanned images" \
    "$(task_status "e2e-$1" '.images.scanned + .images.reused >= 6')" true
  expect "$1: the finding" "$(task_status "e2e-$1" '[.top[]? |
    select(.package == "perl") | .installedVersion] | first')" "1.$SALT.$1"
  shows_reason "$1" /team-a/app:windows UnsupportedPlatform
  shows_reason "$1" /team-a/sub/deep/app:chart-0.1.0 UnsupportedMedia
  shows_reason "$1" /team-b/tools:odd UnsupportedMedia
  # GitLab's registry takes no schema 1; Harbor has signatures as a part of
  # what they sign.
  [[ $1 == gitlab ]] || shows_reason "$1" /team-b/tools:old UnsupportedMedia
  [[ $1 == harbor ]] || shows_reason "$1" .sig@ UnsupportedMedia
}

# ACR's Personal edition is listed, never scanned, and says so.
is_never_scanned() { # TYPE
  local ready
  ready=$(registry_status "$1" '.conditions[] | select(.type == "Ready") |
    .message')
  [[ $ready == *"never scanned"* ]] || die "$1 does not say so: $ready"
  start_scan "$1"
  demo_kubectl wait --for=condition=Failed "scantask/e2e-$1" \
    --timeout=60s >&2 || die "the scan of $1 did not end"
  expect "$1: the scan's reason" "$(task_status "e2e-$1" \
    '.conditions[] | select(.type == "Failed") | .reason')" NeverScanned
  if grep -E '/(manifests|blobs)/|GetAuthorizationToken' \
    "$STATE/log/simulator-$1.log" >&2; then
    die "something of $1 was pulled"
  fi
}

list_now() { # TYPE
  demo_kubectl annotate --overwrite imageregistry "$1" \
    "landwaiter.dev/sync=$(date +%s%N)" >&2
}

listed_since() { [[ $(registry_status "$1" .lastSyncTime) > $2 ]]; } # TYPE TIME

# What breaks while it is connected is noticed by the listing that fails, long
# before the connection is due for another try, and heals with a listing.
network_breaks() { # TYPE
  local before
  before=$(registry_status "$1" .lastSyncTime)
  stop_simulator "$1"
  list_now "$1"
  shows_error "$1" NetworkConnectError "The network connection timed out."
  start_registry "$1"
  demo_kubectl wait --for=condition=Ready "imageregistry/$1" \
    --timeout=180s >&2 || die "$1 did not heal by itself"
  wait_for 60 "the listing of $1 that had failed" listed_since "$1" "$before"
}

refused_logins() { # TYPE
  grep -cE ' authorized 401$' "$STATE/log/simulator-$1.log" || true
}

# A password that was changed at the registry is sent a few times and then not
# again, until the Secret has the new one.
password_breaks() { # TYPE
  local refused
  stop_simulator "$1"
  start_registry "$1" --password another-secret
  list_now "$1"
  shows_error "$1" FailedToVerifyUsernameOrPwd \
    "Username or password is invalid."
  refused=$(refused_logins "$1")
  ((refused > 0 && refused < 20)) || die "$1: $refused refused logins"
  say "$1: $refused requests with the old password were refused"
  list_now "$1"
  sleep 70
  expect "$1: refused logins" "$(refused_logins "$1")" "$refused"
  demo_kubectl create secret generic "$1" --from-literal=username=admin \
    --from-literal=password=another-secret --dry-run=client -o yaml |
    demo_kubectl apply -f - >&2
  demo_kubectl wait --for=condition=Ready "imageregistry/$1" \
    --timeout=180s >&2 || die "$1 did not heal"
}

check_type() { # TYPE
  shows_errors "$1"
  shows_listing "$1"
  if [[ $1 == acr-personal ]]; then
    is_never_scanned "$1"
  else
    shows_findings "$1"
  fi
  if [[ $1 == jfrog ]]; then network_breaks "$1"; fi
  if [[ $1 == harbor ]]; then password_breaks "$1"; fi
}

check_type_aside() { # TYPE: with its output in a file
  check_type "$1" >"$LOGS/$1.log" 2>&1
}

install_for_tests
max_pods() { # NUMBER, or null for the default
  demo_kubectl patch repositorycluster local --type merge \
    -p "{\"spec\": {\"maxPods\": $1}}" >&2
}
trap 'max_pods null || true; remove_simulators' EXIT
mkdir -p "$LOGS"
max_pods 20
demo_kubectl create secret generic registries-ca \
  --from-file=ca.crt="$STATE/pki/ca.crt" --dry-run=client -o yaml |
  demo_kubectl apply -f - >&2
demo_kubectl delete imageregistry "${CHOSEN[@]}" --ignore-not-found >&2

make_simulator_address "$ARTIFACTORY"
start_simulator artifactory --type jfrog --port 80 \
  --address "$(simulator_address "$ARTIFACTORY")"

declare -A running
for type in "${CHOSEN[@]}"; do
  make_simulator_address "$(number_of "$type")"
  # shellcheck disable=SC2046  # words
  if [[ -n $(names_of "$type") ]]; then
    name_simulator "$(number_of "$type")" $(names_of "$type")
  fi
  check_type_aside "$type" &
  running[$type]=$!
done
broken=()
for type in "${CHOSEN[@]}"; do
  if ! wait "${running[$type]}"; then broken+=("$type"); fi
  grep -F '==>' "$LOGS/$type.log" >&2 || true
done
for type in "${broken[@]}"; do tail -n 5 "$LOGS/$type.log" >&2; done
((${#broken[@]} == 0)) || die "these types failed: ${broken[*]}"
demo_kubectl delete imageregistry "${CHOSEN[@]}" --timeout=60s >&2 ||
  die "not all registries could be deleted"
