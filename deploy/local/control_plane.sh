# shellcheck shell=bash
# etcd and the API server, and with them the controllers and the scheduler.
# Expects STATE, API_PORT, ETCD_PORT (and the port after it), ADVERTISE.

api_server() { printf 'https://127.0.0.1:%s' "$API_PORT"; }

api_kubectl() { kubectl --kubeconfig "$STATE/kubeconfig" "$@"; }

start_etcd() {
  port_is_free etcd "$ETCD_PORT"
  process_start etcd etcd --name local --data-dir "$STATE/etcd" \
    --listen-client-urls "http://127.0.0.1:$ETCD_PORT" \
    --advertise-client-urls "http://127.0.0.1:$ETCD_PORT" \
    --listen-peer-urls "http://127.0.0.1:$((ETCD_PORT + 1))" \
    --initial-advertise-peer-urls "http://127.0.0.1:$((ETCD_PORT + 1))" \
    --initial-cluster "local=http://127.0.0.1:$((ETCD_PORT + 1))" \
    --unsafe-no-fsync --log-level warn
  process_await etcd 30 curl -fsS "http://127.0.0.1:$ETCD_PORT/health"
}

start_api_server() { # extra arguments...
  local pki=$STATE/pki
  port_is_free kube-apiserver "$API_PORT"
  process_start kube-apiserver kube-apiserver \
    --etcd-servers "http://127.0.0.1:$ETCD_PORT" \
    --bind-address 0.0.0.0 --secure-port "$API_PORT" \
    --advertise-address "$ADVERTISE" \
    --tls-cert-file "$pki/kube-apiserver.crt" \
    --tls-private-key-file "$pki/kube-apiserver.key" \
    --client-ca-file "$pki/ca.crt" \
    --service-account-key-file "$pki/service-account.key" \
    --service-account-signing-key-file "$pki/service-account.key" \
    --service-account-issuer https://kubernetes.default.svc.cluster.local \
    --service-cluster-ip-range 10.96.0.0/16 \
    --authorization-mode Node,RBAC \
    --kubelet-client-certificate "$pki/admin.crt" \
    --kubelet-client-key "$pki/admin.key" \
    --kubelet-preferred-address-types InternalIP \
    --shutdown-delay-duration 0s \
    --max-requests-inflight 1000 "$@"
}

issue_control_plane_certificates() {
  pki_init
  local names=DNS:kubernetes,DNS:kubernetes.default
  names+=,DNS:kubernetes.default.svc,DNS:localhost,IP:127.0.0.1
  names+=,DNS:kubernetes.default.svc.cluster.local,IP:10.96.0.1,IP:$ADVERTISE
  if [[ -n $EXTRA_ADDRESS ]]; then names+=,IP:$EXTRA_ADDRESS; fi
  pki_issue kube-apiserver /CN=kube-apiserver "$names"
  pki_issue admin /O=system:masters/CN=admin
  pki_kubeconfig "$STATE/kubeconfig" admin "$(api_server)"
  if [[ -n $EXTRA_ADDRESS ]]; then
    pki_kubeconfig "$STATE/kubeconfig.outside" admin \
      "https://$EXTRA_ADDRESS:$API_PORT"
  fi
}

# The API alone: what the Kubernetes client is tested against.
start_control_plane() { # extra arguments of the API server...
  issue_control_plane_certificates
  start_etcd
  start_api_server "$@"
  process_await kube-apiserver 60 api_kubectl get --raw /readyz
}

start_controllers() {
  local pki=$STATE/pki
  pki_issue kube-controller-manager /CN=system:kube-controller-manager
  pki_issue kube-scheduler /CN=system:kube-scheduler
  local name
  for name in kube-controller-manager kube-scheduler; do
    pki_kubeconfig "$STATE/$name.kubeconfig" "$name" "$(api_server)"
  done
  process_start kube-controller-manager kube-controller-manager \
    --kubeconfig "$STATE/kube-controller-manager.kubeconfig" \
    --service-account-private-key-file "$pki/service-account.key" \
    --root-ca-file "$pki/ca.crt" --use-service-account-credentials \
    --cluster-cidr 10.244.0.0/24 --bind-address 127.0.0.1 \
    --node-monitor-grace-period 60s
  process_start kube-scheduler kube-scheduler \
    --kubeconfig "$STATE/kube-scheduler.kubeconfig" --bind-address 127.0.0.1
}
