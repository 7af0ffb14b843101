# shellcheck shell=bash

dev_up() {
  help_if_asked "Usage: ./dev up [--far | --control-plane-only --state DIR
                 --port-base N [-- API SERVER ARGUMENTS]]

Starts a real Kubernetes cluster on this machine (root): etcd, the control
plane, kubelet, containerd, DNS and a registry on 127.0.0.1:5000. Does nothing
when it runs. Its files and logs are in build/cluster; ./dev down ends it.

--far starts a second such cluster in a network namespace of its own, as a
remote repository cluster: its files are in build/cluster-far, the kubeconfig
to reach it from here is build/cluster-far/kubeconfig.outside.

--control-plane-only starts etcd and the API server alone, as any user, with
the ports N (API), N+1 and N+2 (etcd) and everything under DIR; the kubeconfig
is DIR/kubeconfig. Several may run side by side." "$@"
  run_command setup
  # shellcheck source=deploy/local/cluster.sh
  source "$ROOT/deploy/local/cluster.sh"
  tools_on_path
  local only='' far=''
  while (($# > 0)); do
    case $1 in
      --control-plane-only) only=yes ;;
      --far) far=yes ;;
      --state)
        STATE=$(realpath -m "${2:?"--state needs a folder"}")
        shift
        ;;
      --port-base)
        API_PORT=${2:?"--port-base needs a port"}
        ETCD_PORT=$(($2 + 1))
        shift
        ;;
      --)
        shift
        break
        ;;
      *) fail "./dev up knows no \"$1\"" ;;
    esac
    shift
  done
  if [[ -n $far ]]; then
    [[ $(id -u) == 0 ]] || fail "the whole cluster needs root"
    if ! inside_far; then
      make_far_namespace
      in_far "$ROOT/dev" up --far
      return
    fi
    choose_far
  fi
  mkdir -p "$STATE"
  if [[ -n $only ]]; then
    ADVERTISE=127.0.0.1
    # A Service's endpoint cannot be loopback: this API server has none.
    start_control_plane --endpoint-reconciler-type none "$@"
  else
    [[ $(id -u) == 0 ]] || fail "the whole cluster needs root"
    say "starting the local cluster"
    start_cluster "$@"
    say "the cluster is ready; try ./dev kubectl get nodes"
  fi
  printf '%s\n' "$STATE/kubeconfig"
}
